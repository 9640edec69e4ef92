//! Scenarios drawn from seeds. Whatever goes wrong, a round ends, its opened sums are the plain ones (the simulation checks that), and
//! what is within the bounds that the protocol states does not stop it. `IZ_SIMULATIONS` says how many, from `IZ_SEED` on.

#![allow(clippy::unwrap_used)]

use std::env;

use iz_rounds_machine::Phase;
use iz_simulation::{Fault, Scenario, Who, data::below, run};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

const CLIENTS: usize = 16;
const PHASES: [Phase; 6] =
    [Phase::Enrol, Phase::Submit, Phase::Witness, Phase::Unmask, Phase::Aggregate, Phase::ScoreCommit];

fn draw(seed: u64) -> Scenario {
    let random = &mut ChaCha20Rng::seed_from_u64(seed);
    let mut scenario = Scenario::quiet(seed, CLIENTS);
    for client in 0..CLIENTS {
        let fault = match below(random, 12) {
            0 => Fault::Drop,
            1 => Fault::Delay(below(random, 12) as u8),
            2 => Fault::Duplicate,
            3 => Fault::Corrupt,
            4 => Fault::Restart,
            5 => Fault::FalseShares,
            6 => Fault::Opposite,
            _ => continue,
        };
        scenario = scenario.with(PHASES[below(random, 3)], Who::Client(client), fault);
    }
    // two nodes with harmless faults and one that lies
    for node in 0..2 {
        let fault = match below(random, 3) {
            0 => Fault::Duplicate,
            1 => Fault::Restart,
            _ => Fault::Delay(below(random, 6) as u8),
        };
        scenario = scenario.with(PHASES[below(random, 6)], Who::Node(node), fault);
    }
    let fault = match below(random, 5) {
        0 => Fault::Drop,
        1 => Fault::FalseSums,
        2 => Fault::FalseAggregate,
        3 => Fault::FalseScores,
        _ => Fault::Corrupt,
    };
    // a node has to stand first
    scenario.with(PHASES[1 + below(random, 5)], Who::Node(2), fault)
}

#[test]
fn rounds_with_faults_within_the_bounds_are_final() {
    let number = |name: &str, default: u64| env::var(name).map_or(default, |text| text.parse().unwrap());
    let (first, count) = (number("IZ_SEED", 100), number("IZ_SIMULATIONS", 6));
    for seed in first..first + count {
        let scenario = draw(seed);
        println!("seed {seed}: {:?}", scenario.operations);
        for outcome in run(&scenario) {
            let good = |client: &usize| {
                !scenario.operations.iter().any(|operation| {
                    operation.who == Who::Client(*client)
                        && !matches!(operation.fault, Fault::Duplicate | Fault::Restart | Fault::Opposite)
                })
            };
            let honest: Vec<usize> = (0..CLIENTS).filter(good).collect();
            let enough = honest.len() >= usize::from(scenario.minimum_clients);
            if enough {
                assert_eq!(outcome.phase, Phase::Final, "seed {seed}: {outcome:?}");
                assert!(honest.iter().all(|client| outcome.included.contains(client)), "seed {seed}");
            }
            assert!(outcome.at_fault.iter().all(|node| *node == 2), "seed {seed}: {:?}", outcome.at_fault);
        }
    }
}
