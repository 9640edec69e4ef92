//! Attack: split an identity, or merge several, to reach tallies that were out of reach (D2). On three ballots of one epoch, through the real contracts.

#![allow(clippy::unwrap_used)] // helpers are part of the test

use iz_contract_testing::{Commons, yes};
use iz_contract_types::constitution::Class;
use iz_contract_types::quadratic_dao::OptionVote;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const BALLOTS: usize = 3;
/// For, against, and for none, on each ballot.
type Vector = [[u128; 3]; BALLOTS];

/// A random vector in the ball of this radius, close to its surface.
fn random_vector(random: &mut ChaCha8Rng, radius: u128) -> Vector {
    let mut raw = [[0u128; 3]; BALLOTS];
    let mut square: u128 = 1;
    for coordinate in raw.iter_mut().flatten() {
        if random.random_range(0..3) > 0 {
            *coordinate = random.random_range(0..1_000_000);
            square += *coordinate * *coordinate;
        }
    }
    let length = square.isqrt() + 1;
    raw.map(|ballot| ballot.map(|coordinate| coordinate * radius / length))
}

fn cast(commons: &mut Commons, voter: &str, vector: &Vector, presence: Option<u128>) {
    for (ballot, [for_it, against, none]) in (1..).zip(vector) {
        let votes = OptionVote { proposal: ballot, yes: (*for_it).into(), no: (*against).into() };
        let votes = if for_it + against == 0 { vec![] } else { vec![votes] };
        commons.vote_with(voter, ballot, votes, *none, presence).unwrap();
    }
}

fn take_back(commons: &mut Commons, voter: &str) {
    for ballot in 1..=BALLOTS as u64 {
        commons.vote(voter, ballot, vec![]).unwrap();
    }
}

fn tallies(commons: &Commons) -> (Vector, u128) {
    let mut presence = 0;
    let vector = [1, 2, 3].map(|ballot| {
        let tally = commons.tally(ballot);
        presence += tally.presence.u128();
        [tally.options[0].yes.u128(), tally.options[0].no.u128(), tally.none.u128()]
    });
    (vector, presence)
}

#[test]
fn whole_and_parts_reach_the_same_tallies() {
    let mut random = ChaCha8Rng::seed_from_u64(2);
    for _ in 0..4 {
        let count = random.random_range(2..9);
        let parts: Vec<(String, u128)> = (0..count)
            .map(|number| (format!("part {number}"), random.random_range(1..1_000_000_000)))
            .collect();
        let whole: u128 = parts.iter().map(|(_, merit)| merit).sum();
        let mut commons = Commons::new();
        let mut credits: Vec<(&str, u128)> =
            parts.iter().map(|(name, merit)| (name.as_str(), *merit)).collect();
        credits.push(("whole", whole));
        commons.credit(&credits);
        for class in [Class::Code, Class::Parameter, Class::TrainingGoal] {
            commons.propose("whole", class, vec![]);
        }
        commons.pass_until_open(1);
        for _ in 0..5 {
            // Whatever the parts do, the whole may do, to the last unit, and as present as they were.
            for (name, merit) in &parts {
                let vector = random_vector(&mut random, *merit);
                let least = merit - random.random_range(0..=merit / 100);
                cast(&mut commons, name, &vector, Some(least.max(length(&vector))));
            }
            let (sum, presence) = tallies(&commons);
            for (name, _) in &parts {
                take_back(&mut commons, name);
            }
            assert_eq!(tallies(&commons), ([[0; 3]; BALLOTS], 0));
            cast(&mut commons, "whole", &sum, Some(presence / BALLOTS as u128));
            assert_eq!(tallies(&commons).0, sum);
            take_back(&mut commons, "whole");

            // Whatever the whole does, the parts may do, less what rounding takes: under a unit a part.
            let vector = random_vector(&mut random, whole);
            for (name, merit) in &parts {
                let share = vector.map(|ballot| ballot.map(|votes| share(votes, *merit, whole)));
                cast(&mut commons, name, &share, None);
            }
            let (sum, presence) = tallies(&commons);
            assert_eq!(presence, present(&vector, &parts, whole));
            for (reached, aimed) in sum.iter().flatten().zip(vector.iter().flatten()) {
                assert!(reached <= aimed && aimed - reached < count as u128, "{reached} of {aimed}");
            }
            for (name, _) in &parts {
                take_back(&mut commons, name);
            }
        }
    }
}

/// Each of a part's ballots is shorter than the part, so at most its presence is its length.
fn length(vector: &Vector) -> u128 {
    let squares = vector.iter().map(|ballot| ballot.iter().map(|votes| votes * votes).sum::<u128>());
    squares
        .map(|square| if square.isqrt().pow(2) == square { square.isqrt() } else { square.isqrt() + 1 })
        .max()
        .unwrap()
}

fn share(votes: u128, merit: u128, whole: u128) -> u128 {
    votes * merit / whole
}

/// Who votes on a ballot is present there with all her merit unless she says otherwise.
fn present(vector: &Vector, parts: &[(String, u128)], whole: u128) -> u128 {
    let votes_on =
        |ballot: &[u128; 3], merit: u128| ballot.iter().any(|votes| share(*votes, merit, whole) > 0);
    vector
        .iter()
        .map(|ballot| {
            parts.iter().filter(|(_, merit)| votes_on(ballot, *merit)).map(|(_, merit)| merit).sum::<u128>()
        })
        .sum()
}

/// What classic quadratic voting pays for k identities, the root of k, is not to be had here.
#[test]
fn a_hundred_identities_reach_no_further_than_one() {
    let mut commons = Commons::new();
    let names: Vec<String> = (0..100).map(|number| format!("sock {number}")).collect();
    let mut credits: Vec<(&str, u128)> = names.iter().map(|name| (name.as_str(), 100)).collect();
    credits.push(("honest", 10_000));
    commons.credit(&credits);
    let proposal = commons.propose("honest", Class::Code, vec![]);
    commons.pass_until_open(1);
    for name in &names {
        assert!(commons.vote(name, 1, vec![yes(proposal, 101)]).is_err());
        commons.vote(name, 1, vec![yes(proposal, 100)]).unwrap();
    }
    assert_eq!(commons.tally(1).options[0].yes.u128(), 10_000);
    commons
        .vote("honest", 1, vec![OptionVote { proposal, yes: 0u128.into(), no: 10_000u128.into() }])
        .unwrap();
    assert!(!commons.tally(1).options[0].passes);
}
