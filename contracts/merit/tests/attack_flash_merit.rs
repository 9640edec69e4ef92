//! Attack: get merit, vote with it, be rid of it, all around one proposal. Snapshots see neither fresh merit nor
//! anything from the block of the proposal on.

mod common;

use common::{Bench, DAY, EPOCH};

#[test]
fn merit_of_the_same_block_is_invisible_to_a_snapshot() {
    let mut bench = Bench::plain();
    bench.credit("anna", 10);
    bench.pass(2 * EPOCH);
    bench.credit("mallory", 1_000_000);
    let proposed = bench.env.block.height;
    bench.pass(10 * EPOCH);
    assert_eq!(bench.power("mallory", Some(proposed)), 0);
    assert_eq!(bench.power("mallory", None), 1_000_000);
}

#[test]
fn merit_younger_than_an_epoch_never_counts_wherever_in_the_epoch_it_came() {
    for day in 0..7 {
        let mut bench = Bench::plain();
        bench.pass(day * DAY);
        bench.credit("mallory", 5);
        let credited = bench.env.block.time;
        while bench.power("mallory", None) == 0 {
            bench.pass(DAY / 4);
        }
        let age = bench.env.block.time.seconds() - credited.seconds();
        assert!((EPOCH..=2 * EPOCH).contains(&age), "counted after {age} seconds");
    }
}

#[test]
fn delegating_does_not_ripen_merit() {
    let mut bench = Bench::plain();
    bench.credit("sock", 1_000);
    bench.delegate("sock", Some("mallory")).unwrap();
    bench.pass(EPOCH);
    bench.delegate("sock", None).unwrap();
    bench.delegate("sock", Some("mallory")).unwrap();
    assert_eq!(bench.power("mallory", None), 0);
    bench.pass(EPOCH);
    assert_eq!(bench.power("mallory", None), 1_000);
}

#[test]
fn one_merit_is_never_counted_at_two_delegates_of_one_snapshot() {
    let mut bench = Bench::plain();
    bench.credit("sock", 1_000);
    bench.pass(2 * EPOCH);
    for delegate in ["anna", "bert", "cleo"] {
        bench.delegate("sock", Some(delegate)).unwrap();
    }
    bench.pass(6);
    bench.delegate("sock", Some("anna")).unwrap();
    for height in bench.env.block.height - 3..=bench.env.block.height + 1 {
        let height = Some(height);
        let sum: u128 = ["sock", "anna", "bert", "cleo"].map(|name| bench.power(name, height)).iter().sum();
        assert_eq!(sum, bench.total(height), "at {height:?}");
    }
}
