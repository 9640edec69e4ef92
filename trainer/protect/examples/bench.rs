//! Prints a row for each figure that this crate has to reach: what was measured, the anchor, the goal. Run it with `scripts/bench protect`.

#![allow(clippy::disallowed_types, reason = "a benchmark reads the clock")]

use std::time::Instant;

use iz_protect::accountant::{Event, Mechanism, epsilon};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    println!("{:<58} {:>16} {:>28} {:>14}  met", "what", "measured", "anchor", "goal");
    accountant()
}

fn row(what: &str, measured: String, anchor: &str, goal: &str, met: bool) {
    println!("{what:<58} {measured:>16} {anchor:>28} {goal:>14}  {}", if met { "yes" } else { "no" });
}

/// The result of the last and the milliseconds of the fastest of some runs: what the machine does beside them is not measured.
fn fastest<T>(runs: usize, mut work: impl FnMut() -> Result<T, Failure>) -> Result<(T, f64), Failure> {
    let mut best = f64::INFINITY;
    for _ in 1..runs {
        let start = Instant::now();
        work()?;
        best = best.min(start.elapsed().as_secs_f64() * 1e3);
    }
    let start = Instant::now();
    let result = work()?;
    Ok((result, best.min(start.elapsed().as_secs_f64() * 1e3)))
}

fn accountant() -> Result<(), Failure> {
    for (noise_multiplier, count, golden) in
        [("1.3", 3_750, 0.8336), ("1.1", 15_000, 2.2955), ("0.7", 11_250, 5.4312)]
    {
        let mechanism =
            Mechanism::Gaussian { noise_multiplier: noise_multiplier.parse()?, sampling: "0.004".parse()? };
        let events = [Event { mechanism, count }];
        let (found, spent) = fastest(5, || epsilon(&events, "1e-5".parse()?).map_err(Failure::from))?;
        let what = format!("ε at δ 1e-5, q 0.004, σ {noise_multiplier}, {count} steps");
        let met = (golden..golden * 1.001).contains(&found);
        row(&what, format!("{found:.4}"), &format!("dp-accounting {golden}"), "0 to +0.1%", met);
        row("  its time", format!("{spent:.1} ms"), "", "50 ms", spent < 50.0);
    }
    Ok(())
}
