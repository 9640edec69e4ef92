//! Prints a row for each figure that this crate has to reach: what was measured, the anchor, the goal. Run it with `scripts/bench protect`.

#![allow(clippy::disallowed_types, reason = "a benchmark reads the clock")]

use std::time::Instant;

use iz_protect::{
    accountant::{Event, Mechanism, epsilon},
    mask::{
        Aggregator, ClientId, IncludedSet, Member, MemberSecret, MemoryPledges, Plan, ShareSum, Terms,
        Upload, mask,
    },
    noise,
};

use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let cores = std::thread::available_parallelism()?;
    println!(
        "{cores} cores, load {}: times count on a quiet machine only",
        load.split(' ').next().unwrap_or("unknown")
    );
    println!("{:<58} {:>16} {:>28} {:>14}  met", "what", "measured", "anchor", "goal");
    match std::env::args().nth(1).as_deref() {
        None => accountant().and_then(|()| masks()),
        Some("accountant") => accountant(),
        Some("masks") => masks(),
        Some(other) => Err(format!("{other} is neither accountant nor masks").into()),
    }
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

const VALUES: u32 = 100_000;
const CLIENTS: u32 = 1_000;
const DROPPED: u32 = 300;

fn plan() -> Result<Plan, Failure> {
    let committee = (0..8).map(|index| secret(index).public()).collect();
    Ok(Plan::new(Terms {
        seed: [7; 32],
        group: 0,
        values: VALUES,
        levels: 1 << 16,
        minimum: 100,
        maximum: CLIENTS,
        committee,
        private: 2,
        packed: 4,
    })?)
}

fn secret(index: u8) -> MemberSecret {
    MemberSecret::from_bytes([index + 1; 32])
}

/// A round of 1,000 clients in this process: 300 drop out, two of the eight members too.
fn masks() -> Result<(), Failure> {
    let plan = plan()?;
    let values = |client: u32| -> Vec<u32> {
        (0..VALUES).map(|place| (place.wrapping_mul(40_503) ^ (client * 977)) & 0xffff).collect()
    };
    let id = |client: u32| {
        let mut id = [0; 32];
        id[..4].copy_from_slice(&client.to_le_bytes());
        id
    };
    let mine = values(0);
    let (upload, spent) =
        fastest(10, || mask(&plan, ClientId([0; 32]), &mine, &[1; 32]).map_err(Failure::from))?;
    let (wide, narrow) = ("Bonawitz 2017: 850 ms", "Bonawitz 2017: 1.73×");
    row("masking 100,000 values, one client", format!("{spent:.1} ms"), wide, "20 ms", spent <= 20.0);
    let mut random = ChaCha20Rng::from_seed([1; 32]);
    let (_, spent) = fastest(3, || {
        noise::fill("90/7".parse()?, &mut random, &mut vec![0; VALUES as usize]).map_err(Failure::from)
    })?;
    row("exact discrete Gaussian noise, 100,000 draws", format!("{spent:.0} ms"), "", "", true);
    let ratio = upload.to_bytes(&plan).len() as f64 / f64::from(VALUES * 2);
    row(
        "upload over raw 16-bit values, 1,000 clients, with shares",
        format!("{ratio:.3}×"),
        narrow,
        "2×",
        ratio <= 2.0,
    );

    let mut expected = vec![0u64; VALUES as usize];
    let mut uploads = Vec::new();
    for client in 0..CLIENTS - DROPPED {
        let values = values(client);
        for (sum, value) in expected.iter_mut().zip(&values) {
            *sum += u64::from(*value);
        }
        uploads.push(mask(&plan, ClientId(id(client)), &values, &id(client + 1))?.to_bytes(&plan));
    }
    let start = Instant::now();
    let uploads: Vec<Upload> =
        uploads.into_iter().map(|bytes| Upload::parse(&plan, &bytes)).collect::<Result<_, _>>()?;
    row(
        "reading and hashing 700 uploads",
        format!("{:.0} ms", start.elapsed().as_secs_f64() * 1e3),
        "",
        "",
        true,
    );

    let set = IncludedSet::new(&plan, uploads.iter().map(|upload| (upload.client(), upload.digest(&plan))))?;
    let mut sums: Vec<ShareSum> = Vec::new();
    let start = Instant::now();
    for index in 0..6 {
        let member = Member::new(&plan, secret(index))?;
        sums.push(member.sum(
            &plan,
            &set,
            uploads.iter().map(Upload::envelope),
            &mut MemoryPledges::default(),
        )?);
    }
    let spent = start.elapsed().as_secs_f64() * 1e3 / 6.0;
    row("one member: opening, testing and adding 700 shares", format!("{spent:.0} ms"), "", "", true);

    let (opening, spent) = fastest(5, || {
        let mut aggregator = Aggregator::new(&plan, &set)?;
        aggregator.add(&uploads)?;
        aggregator.open(&sums).map_err(Failure::from)
    })?;
    let exact = opening.sums == expected;
    let met = exact && spent <= 2_000.0;
    row(
        "unmasking 1,000 × 100,000 at 30% dropout",
        format!("{spent:.0} ms"),
        "Bonawitz 2017: 414 s",
        "2 s",
        met,
    );
    row("  equal to the plain sum", exact.to_string(), "", "true", exact);
    let peak = peak_memory()?;
    row(
        "peak memory of it all, 1,000 clients in one process",
        format!("{peak} MiB"),
        "",
        "2048 MiB",
        peak < 2048,
    );
    Ok(())
}

fn peak_memory() -> Result<u64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM in /proc/self/status")?;
    Ok(line.trim().trim_end_matches(" kB").trim().parse::<u64>()? / 1024)
}
