//! Prints what each attack of the corpus does to accuracy and to the attackers' credit: `attacks [trusted|mean|median|trimmed|krum|clipping]`.
//! Run it with `scripts/bench attacks`.

use iz_round::robust::Rule;
use iz_simulation::{
    attack::{Attack, Finding, Trial},
    data::Spread,
};

type Failure = Box<dyn std::error::Error>;

const SEEDS: [u64; 3] = [1, 2, 3];

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
    println!("{rule:?}; 64 clients, 12 attackers, 32 groups, 40 rounds; means of seeds {SEEDS:?}");
    println!(
        "{:<24} {:>8} {:>8} {:>6} {:>5}  {:>8} {:>8}  met",
        "attack", "mean", "with", "lost", "goal", "credit", "honest"
    );
    for (spread, goal) in [(Spread::Iid, 1.0), (Spread::TwoShards, 3.0)] {
        // the mean that nobody attacks is the best there is
        let best = average(Rule::Mean, spread, Attack::Honest)?;
        let honest = average(rule, spread, Attack::Honest)?;
        println!("{spread:?}");
        for attack in [Attack::Honest].into_iter().chain(Attack::ALL) {
            let found = average(rule, spread, attack)?;
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

fn average(rule: Rule, spread: Spread, attack: Attack) -> Result<Finding, Failure> {
    let mut sum = Finding { accuracy: 0.0, credit: 0.0 };
    for seed in SEEDS {
        let trial = Trial { seed, clients: 64, attackers: 12, groups: 32, rounds: 40, spread, rule, attack };
        let found = trial.play()?;
        sum.accuracy += found.accuracy / SEEDS.len() as f64;
        sum.credit += found.credit / SEEDS.len() as f64;
    }
    Ok(sum)
}
