//! Every target on the inputs that once broke it, on recorded ones, and on mutations of those.
#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "a test with a clock; no consensus code here"
)]

use std::{
    env, fs,
    path::Path,
    time::{Duration, Instant},
};

use iz_fuzz::{Chain, Target, seeds};
use iz_testkit::{corpus::faults::flip, dice::Dice};

/// How long each target is fed mutations; `IZ_FUZZ_SECONDS` says otherwise.
const SECONDS: u64 = 5;

#[test]
fn every_target_answers_whatever_it_is_fed() {
    let seconds = env::var("IZ_FUZZ_SECONDS").map_or(SECONDS, |text| text.parse().unwrap());
    let chain = Chain::play().unwrap();
    let seeds = seeds(&chain).unwrap();
    for target in Target::ALL {
        let known = Path::new(env!("CARGO_MANIFEST_DIR")).join("regressions").join(target.name());
        for file in fs::read_dir(&known).into_iter().flatten() {
            target.feed(&chain, &fs::read(file.unwrap().path()).unwrap());
        }
        let seeds = seeds.of(target);
        assert!(seeds.len() > 100, "{} seeds of {}", seeds.len(), target.name());
        seeds.iter().take(300).for_each(|seed| target.feed(&chain, seed));
        let (mut dice, started, mut fed) = (Dice::new(7), Instant::now(), 0u64);
        while started.elapsed() < Duration::from_secs(seconds) {
            let seed = dice.pick(seeds).unwrap();
            target.feed(&chain, &flip(&mut dice, seed));
            fed += 1;
        }
        println!("{}: {fed} mutations", target.name());
        assert!(fed > 0);
    }
}
