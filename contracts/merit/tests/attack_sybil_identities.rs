//! Attacks with many identities: splitting work over them, giving up a punished one, vouching for oneself in circles.

mod common;

use common::{Bench, EPOCH};
use iz_contract_types::merit::ExecuteMsg;

#[test]
fn splitting_work_over_identities_gains_nothing() {
    let mut bench = Bench::new();
    bench.credit("whole", 1_000_003);
    let parts: Vec<String> = (0..50).map(|number| format!("part {number}")).collect();
    let mut left = 1_000_003;
    for (number, name) in parts.iter().enumerate() {
        let amount = if number + 1 == parts.len() { left } else { 7_919 + number as u128 };
        bench.credit(name, amount);
        left -= amount;
    }
    for epochs in [2, 5, 40] {
        bench.pass(epochs * EPOCH);
        let sum: u128 = parts.iter().map(|name| bench.power(name, None)).sum();
        let whole = bench.power("whole", None);
        assert!(sum <= whole && whole <= sum + 50, "rounding alone: {sum} of {whole}");
    }
}

#[test]
fn a_new_identity_never_stands_above_a_punished_one() {
    let mut bench = Bench::new();
    bench.credit("mallory", 1_000);
    bench.rate("mallory", 5_000).unwrap();
    bench.rate("mallory", -10_000).unwrap();
    bench.rate("mallory", -10_000).unwrap();
    bench.credit("fresh", 1_000);
    bench.pass(2 * EPOCH);
    assert!(bench.power("fresh", None) <= bench.power("mallory", None));
}

#[test]
fn a_crowd_without_merit_admits_nobody() {
    let mut bench = Bench::new();
    bench.credit("mallory", 320);
    bench.pass(2 * EPOCH);
    let stake = bench.standing("mallory").unwrap().ripe.u128();
    bench.send("first", ExecuteMsg::Apply {}).unwrap();
    bench.vouch("mallory", "first", stake.min(160)).unwrap();
    // The new members have no merit to stand behind more, and what stood behind the first is taken.
    bench.send("second", ExecuteMsg::Apply {}).unwrap();
    assert!(bench.vouch("first", "second", 10).is_err());
    assert!(bench.vouch("mallory", "second", 160).is_err());
}
