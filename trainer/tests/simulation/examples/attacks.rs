//! Prints what each attack of the corpus does to accuracy and to the attackers' credit: `attacks [trusted|mean|median|trimmed|krum|clipping]
//! [SEEDS]`. Run it with `scripts/bench attacks`.

use iz_round::robust::Rule;
use iz_simulation::{
    attack::{Attack, Finding, Trial},
    data::Spread,
};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let rule = match std::env::args().nth(1).as_deref() {
        None | Some("trusted") => Rule::Trusted,
        Some("clipping") => Rule::CentredClipping { iterations: 3 },
        Some("mean") => Rule::Mean,
        Some("median") => Rule::Median,
        Some("trimmed") => Rule::Trimmed { part: 0.4 },
        Some("krum") => Rule::MultiKrum { faulty: 0.4 },
        Some(other) => return Err(format!("there is no rule {other}").into()),
    };
    let seeds: u64 = std::env::args().nth(2).map_or(Ok(3), |text| text.parse())?;
    println!("{rule:?}; 64 clients, 12 attackers, 32 groups, 40 rounds; means of seeds 1 to {seeds}");
    println!(
        "{:<24} {:>8} {:>8} {:>6} {:>5}  {:>8} {:>8}  met",
        "attack", "mean", "with", "lost", "goal", "credit", "honest"
    );
    for (spread, goal) in [(Spread::Iid, 1.0), (Spread::TwoShards, 3.0)] {
        // the mean that nobody attacks is the best there is
        let best = average(Rule::Mean, spread, Attack::Honest, seeds)?;
        let honest = average(rule, spread, Attack::Honest, seeds)?;
        println!("{spread:?}");
        for attack in [Attack::Honest].into_iter().chain(Attack::ALL) {
            let found = match attack {
                Attack::Honest => honest,
                _ => average(rule, spread, attack, seeds)?,
            };
            let lost = 100.0 * (best.accuracy - found.accuracy);
            let met = lost <= goal && found.credit <= honest.credit;
            println!(
                "{:<24} {:>7.2}% {:>7.2}% {lost:>6.2} {goal:>5.1}  {:>8.3} {:>8.3}  {}",
                format!("{attack:?}"),
                100.0 * best.accuracy,
                100.0 * found.accuracy,
                found.credit,
                honest.credit,
                if met { "yes" } else { "no" }
            );
        }
    }
    Ok(())
}

/// The mean over the seeds, each on a thread of its own.
fn average(rule: Rule, spread: Spread, attack: Attack, seeds: u64) -> Result<Finding, Failure> {
    let play = |seed| {
        Trial { seed, clients: 64, attackers: 12, groups: 32, rounds: 40, spread, rule, attack }
            .play()
            .map_err(|error| error.to_string())
    };
    let mut sum = Finding { accuracy: 0.0, credit: 0.0 };
    let found: Vec<Result<Finding, String>> = std::thread::scope(|scope| {
        let running: Vec<_> = (1..=seeds).map(|seed| scope.spawn(move || play(seed))).collect();
        running
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| Err("a trial failed".into())))
            .collect()
    });
    for found in found {
        let found = found?;
        sum.accuracy += found.accuracy / seeds as f64;
        sum.credit += found.credit / seeds as f64;
    }
    Ok(sum)
}
