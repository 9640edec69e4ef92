//! Random steps against a model that keeps every credit in a list and adds up by hand.
//! `IZ_STEPS` sets how many (everyday: 100,000).

#![allow(clippy::unwrap_used)] // the model is part of the test

mod common;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use common::{Bench, DAY, EPOCH};
use cosmwasm_std::Uint512;
use iz_contract_testing::steps;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const NAMES: [&str; 8] = ["anna", "bert", "cleo", "dora", "emil", "fred", "gina", "hans"];
const ONE: u64 = 1_000_000_000_000_000_000;

/// Every credit, with the epoch in which it came.
#[derive(Clone, Default)]
struct Model {
    /// The epoch as of the last message.
    epoch: u64,
    credits: Vec<(usize, u64, u128)>,
    reputation: BTreeMap<usize, u64>,
    delegate: BTreeMap<usize, usize>,
}

impl Model {
    fn growth(epoch: u64) -> Uint512 {
        static GROWTH: OnceLock<Vec<Uint512>> = OnceLock::new();
        let table = GROWTH.get_or_init(|| {
            let factor = Uint512::from(ONE) * Uint512::from(ONE) / Uint512::from(ONE / 100 * 98);
            let next = |growth: &Uint512| Some(*growth * factor / Uint512::from(ONE));
            std::iter::successors(Some(Uint512::from(ONE)), next).take(200).collect()
        });
        table[usize::try_from(epoch).unwrap()]
    }

    fn own(&self, member: usize) -> Uint512 {
        let reputation = self.reputation.get(&member).copied().unwrap_or(0);
        self.credits
            .iter()
            .filter(|(name, epoch, _)| *name == member && epoch + 2 <= self.epoch)
            .map(|(_, epoch, amount)| {
                Uint512::from(*amount) * Self::growth(*epoch) * Uint512::from(reputation)
            })
            .fold(Uint512::zero(), |sum, part| sum + part)
    }

    fn worth(&self, weighted: Uint512) -> u128 {
        let worth = weighted / (Self::growth(self.epoch) * Uint512::from(10_000u64));
        cosmwasm_std::Uint128::try_from(worth).unwrap().u128()
    }

    fn power(&self, member: usize) -> u128 {
        let voters = (0..NAMES.len()).filter(|name| self.delegate.get(name).unwrap_or(name) == &member);
        self.worth(voters.map(|name| self.own(name)).fold(Uint512::zero(), |sum, part| sum + part))
    }

    fn total(&self) -> u128 {
        self.worth((0..NAMES.len()).map(|name| self.own(name)).fold(Uint512::zero(), |sum, part| sum + part))
    }
}

/// Growth is rounded at other places in the model: of amounts under 10^9 that shifts a unit at most.
fn close(left: u128, right: u128) -> bool {
    left.abs_diff(right) <= 1
}

#[test]
fn powers_now_and_at_past_heights_are_those_of_the_model() {
    let steps = steps() as usize;
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let (mut done, mut late) = (0, 0);
    while done < steps {
        let mut bench = Bench::new();
        let started = bench.env.block.time.seconds() - 6;
        let mut model = Model::default();
        let mut history: Vec<(u64, Model)> = Vec::new();
        for _ in 0..300.min(steps - done) {
            done += 1;
            let now = (bench.env.block.time.seconds() - started) / EPOCH;
            let (member, other) = (random.random_range(0..NAMES.len()), random.random_range(0..NAMES.len()));
            let name = NAMES[member];
            match random.random_range(0..10) {
                0..4 => {
                    let amount = random.random_range(1..1_000_000);
                    bench.credit(name, amount);
                    model.credits.push((member, now, amount));
                    model.reputation.entry(member).or_insert(5_000);
                    model.epoch = now;
                }
                4..6 if model.reputation.contains_key(&member) => {
                    let change = random.random_range(1..6_000) * if random.random() { 1 } else { -1 };
                    bench.rate(name, change).unwrap();
                    let reputation = model.reputation.get_mut(&member).unwrap();
                    let wished = i64::try_from(*reputation).unwrap() + i64::from(change);
                    *reputation = u64::try_from(wished.clamp(5_000, 10_000)).unwrap();
                    model.epoch = now;
                }
                6..8 if model.reputation.contains_key(&member) => {
                    let to = (other != member).then_some(other);
                    bench.delegate(name, to.map(|to| NAMES[to])).unwrap();
                    match to {
                        Some(to) => model.delegate.insert(member, to),
                        None => model.delegate.remove(&member),
                    };
                    model.epoch = now;
                }
                _ => {}
            }
            // Answers for a height are those of the end of the block before it.
            history.push((bench.env.block.height + 1, model.clone()));
            let live = Model { epoch: now, ..model.clone() };
            assert!(close(bench.power(name, None), live.power(member)), "{name}");
            assert!(close(bench.total(None), live.total()));
            let (height, then) = &history[random.random_range(0..history.len())];
            assert!(close(bench.power(name, Some(*height)), then.power(member)), "{name} before {height}");
            assert!(close(bench.total(Some(*height)), then.total()), "total before {height}");
            late += u32::from(then.power(member) > 0);
            bench.pass(random.random_range(0..3 * DAY));
        }
        let sum: u128 = NAMES.iter().map(|name| bench.power(name, None)).sum();
        assert!(sum <= bench.total(None) && bench.total(None) <= sum + NAMES.len() as u128);
    }
    assert!(late as usize > steps / 4, "most of what was compared was not zero");
}
