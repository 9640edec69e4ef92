//! The corpus of attacks on a short training. `scripts/bench attacks` has the full table.

#![allow(clippy::unwrap_used)]

use iz_round::robust::Rule;
use iz_simulation::{
    attack::{Attack, Finding, Trial},
    data::Spread,
};

fn play(attack: Attack) -> Finding {
    let trial = Trial {
        seed: 4,
        clients: 32,
        attackers: 6,
        groups: 16,
        rounds: 12,
        spread: Spread::Iid,
        rule: Rule::Trusted,
        attack,
    };
    trial.play().unwrap()
}

#[test]
fn a_fifth_of_attackers_costs_little_and_who_works_against_the_model_earns_less() {
    let honest = play(Attack::Honest);
    assert!(honest.accuracy > 0.7, "{}", honest.accuracy);
    for attack in Attack::ALL {
        let found = play(attack);
        println!("{attack:?}: {found:?}, honest {honest:?}");
        assert!(honest.accuracy - found.accuracy < 0.05, "{attack:?}: {honest:?} {found:?}");
        if !matches!(attack, Attack::Replay | Attack::Copy) {
            assert!(found.credit < honest.credit, "{attack:?}: {honest:?} {found:?}");
        }
    }
}
