//! The corpus of attacks on a short training. `scripts/bench attacks` has the full table.

#![allow(clippy::unwrap_used)]

use iz_round::robust::Rule;
use iz_simulation::{
    attack::{Attack, Finding, Trial},
    data::Spread,
};

fn play(rule: Rule, spread: Spread, attack: Attack) -> Finding {
    let trial = Trial { seed: 4, clients: 32, attackers: 6, groups: 16, rounds: 16, spread, rule, attack };
    trial.play().unwrap()
}

fn costs_little_and_earns_less(spread: Spread, attacks: &[Attack]) {
    let honest = play(Rule::default(), spread, Attack::Honest);
    assert!(honest.accuracy > 0.7, "{}", honest.accuracy);
    for attack in attacks {
        let found = play(Rule::default(), spread, *attack);
        println!("{attack:?}: {found:?}, honest {honest:?}");
        assert!(honest.accuracy - found.accuracy < 0.05, "{attack:?}: {honest:?} {found:?}");
        // 1 is an equal part
        assert!(found.credit < 1.0, "{attack:?}: {honest:?} {found:?}");
    }
}

#[test]
fn a_fifth_of_attackers_costs_little_and_no_attack_earns_what_honesty_does() {
    costs_little_and_earns_less(Spread::Iid, &Attack::ALL);
}

#[test]
fn nor_does_it_where_clients_know_two_classes() {
    let attacks = [Attack::SignFlip, Attack::LabelFlip, Attack::Alie, Attack::Replay, Attack::Copy];
    costs_little_and_earns_less(Spread::TwoShards, &attacks);
}

#[test]
fn a_plain_mean_would_be_lost() {
    let honest = play(Rule::Mean, Spread::Iid, Attack::Honest);
    let found = play(Rule::Mean, Spread::Iid, Attack::SignFlip);
    assert!(honest.accuracy - found.accuracy > 0.3, "{honest:?} {found:?}");
}
