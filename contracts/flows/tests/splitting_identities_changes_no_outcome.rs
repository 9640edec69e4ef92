//! A simulation through the real contracts: whoever splits, the tallies stay.
//!
//! Merit is spread over members by a power law; each votes on four proposals on two ballots at random. Then (1) a large member votes as
//! 1 to 500 identities, (2) half of all members vote as two to nine. Tallies may differ by rounding only, under a unit an identity, and
//! no outcome may. Everyday: 300 members; IZ_SIMULATION=1: 10,000, and the chart in docs/simulations.

#![allow(clippy::unwrap_used)] // helpers are part of the test

use cosmwasm_std::Uint128;
use iz_contract_flows::plot::{Chart, Line};
use iz_contract_testing::Commons;
use iz_contract_types::constitution::Class;
use iz_contract_types::quadratic_dao::OptionVote;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Votes for and against each of four proposals; the first three are options of one ballot.
type Votes = [(u128, u128); 4];

struct Member {
    name: String,
    merit: u128,
    votes: Votes,
}

/// A random direction, stretched to the ball's surface and rounded into it.
fn random_votes(random: &mut ChaCha8Rng, merit: u128) -> Votes {
    let mut raw = [(0u128, 0u128); 4];
    let mut square = 1;
    for (number, (yes, no)) in raw.iter_mut().enumerate() {
        // A little less than half are for the first, a little more for the second.
        let wish = random.random_range(0..1_000);
        let strength = random.random_range(1..100_000u128);
        let in_favour = random.random_range(0..100) < [49, 52, 30, 60][number];
        if wish < 600 {
            if in_favour {
                *yes = strength
            } else {
                *no = strength
            }
            square += strength * strength;
        }
    }
    let length = square.isqrt() + 1;
    raw.map(|(yes, no)| (yes * merit / length, no * merit / length))
}

fn scale(votes: &Votes, part: u128, whole: u128) -> Votes {
    votes.map(|(yes, no)| (yes * part / whole, no * part / whole))
}

fn cast(commons: &mut Commons, name: &str, votes: &Votes) {
    for (ballot, proposals) in [(1, 1..=3u64), (2, 4..=4)] {
        let votes: Vec<OptionVote> = proposals
            .map(|proposal| {
                let (yes, no) = votes[proposal as usize - 1];
                OptionVote { proposal, yes: Uint128::new(yes), no: Uint128::new(no) }
            })
            .filter(|vote| !vote.yes.is_zero() || !vote.no.is_zero())
            .collect();
        commons.vote(name, ballot, votes).unwrap();
    }
}

fn take_back(commons: &mut Commons, name: &str) {
    cast(commons, name, &[(0, 0); 4]);
}

/// For and against each proposal, and which pass.
fn outcome(commons: &Commons) -> (Votes, [bool; 4]) {
    let options: Vec<_> = [1, 2].iter().flat_map(|ballot| commons.tally(*ballot).options).collect();
    let votes = std::array::from_fn(|number| (options[number].yes.u128(), options[number].no.u128()));
    (votes, std::array::from_fn(|number| options[number].passes))
}

fn assert_same(left: &(Votes, [bool; 4]), right: &(Votes, [bool; 4]), identities: usize) {
    assert_eq!(left.1, right.1, "an outcome changed");
    for (left, right) in left.0.iter().zip(&right.0) {
        assert!(left.0.abs_diff(right.0) <= identities as u128, "{left:?} and {right:?}");
        assert!(left.1.abs_diff(right.1) <= identities as u128, "{left:?} and {right:?}");
    }
}

#[test]
fn tallies_and_outcomes_are_the_same_however_members_split() {
    let large = std::env::var("IZ_SIMULATION").is_ok();
    let members = if large { 10_000 } else { 300 };
    let counts: &[u128] = if large { &[1, 2, 5, 10, 20, 50, 100, 200, 500] } else { &[1, 2, 10, 50] };
    let mut random = ChaCha8Rng::seed_from_u64(42);
    let people: Vec<Member> = (0..members)
        .map(|number| {
            // A power law: few have much.
            let merit = 1_000_000 + 1_000_000_000_000 / random.random_range(1_000..1_000_000u128);
            let votes = random_votes(&mut random, merit);
            Member { name: format!("member {number}"), merit, votes }
        })
        .collect();
    let all: u128 = people.iter().map(|member| member.merit).sum();
    let whale = all / 25;
    let mut credits: Vec<(String, u128)> =
        people.iter().map(|member| (member.name.clone(), member.merit)).collect();
    for count in counts {
        credits
            .extend(shares(whale, *count).map(|(number, merit)| (format!("whale {count} {number}"), merit)));
    }
    let mut splits: Vec<(usize, Vec<(String, u128)>)> = Vec::new();
    for (number, member) in people.iter().enumerate().filter(|(number, _)| number.is_multiple_of(2)) {
        let count = random.random_range(2..10);
        let parts: Vec<_> = shares(member.merit, count)
            .map(|(part, merit)| (format!("part {number} {part}"), merit))
            .collect();
        credits.extend(parts.iter().cloned());
        splits.push((number, parts));
    }
    let identities = credits.len();

    let mut commons = Commons::new();
    commons.credit(&credits.iter().map(|(name, merit)| (name.as_str(), *merit)).collect::<Vec<_>>());
    for class in [Class::Grant, Class::Grant, Class::Grant, Class::Code] {
        commons.propose("member 0", class, vec![]);
    }
    commons.pass_until_open(1);
    for member in &people {
        cast(&mut commons, &member.name, &member.votes);
    }
    let without = outcome(&commons);
    println!("{members} members, {identities} identities, without the large one: {without:?}");

    // 1. A member with a twenty-fifth of all merit, as many identities.
    let mut gains = Vec::new();
    let mut first = None;
    for count in counts {
        let wish = [(whale * 7 / 10, 0), (0, 0), (0, whale / 10), (0, whale * 7 / 10)];
        for (number, merit) in shares(whale, *count) {
            cast(&mut commons, &format!("whale {count} {number}"), &scale(&wish, merit, whale));
        }
        let with = outcome(&commons);
        let gain = (with.0[0].0 - without.0[0].0) as f64 / wish[0].0 as f64;
        println!("as {count} identities: {gain:.9} times the votes of one, passing {:?}", with.1);
        assert_same(first.get_or_insert(with), &with, *count as usize);
        gains.push((*count as f64, gain));
        for (number, _) in shares(whale, *count) {
            take_back(&mut commons, &format!("whale {count} {number}"));
        }
    }
    assert_same(&without, &outcome(&commons), 0);

    // 2. Half of all members, each as several identities.
    for (number, parts) in &splits {
        let member = &people[*number];
        take_back(&mut commons, &member.name);
        for (name, merit) in parts {
            cast(&mut commons, name, &scale(&member.votes, *merit, member.merit));
        }
    }
    let parts: usize = splits.iter().map(|(_, parts)| parts.len()).sum();
    println!("{} members as {parts} identities: {:?}", splits.len(), outcome(&commons));
    assert_same(&without, &outcome(&commons), parts);

    if large {
        draw(&gains);
    }
}

/// A merit in so many unequal parts.
fn shares(merit: u128, count: u128) -> impl Iterator<Item = (u128, u128)> {
    let unit = merit / (count * (count + 1) / 2);
    let used: u128 = (1..count).map(|number| unit * number).sum();
    (1..=count).map(move |number| (number, if number == count { merit - used } else { unit * number }))
}

fn draw(gains: &[(f64, f64)]) {
    let classic: Vec<_> = gains.iter().map(|(count, _)| (count.log10(), count.sqrt())).collect();
    let measured: Vec<_> = gains.iter().map(|(count, gain)| (count.log10(), *gain)).collect();
    let chart = Chart {
        title: "What one member gains in votes by splitting into identities (10,000 members)".into(),
        x_name: "identities".into(),
        y_name: "votes, of one".into(),
        x_marks: gains.iter().map(|(count, _)| (count.log10(), count.to_string())).collect(),
        y_marks: [0, 5, 10, 15, 20, 25].map(|mark| (f64::from(mark), format!("{mark}×"))).to_vec(),
        lines: vec![
            Line { name: "this DAO (measured)".into(), points: measured },
            Line { name: "classic quadratic (√k)".into(), points: classic },
        ],
    };
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/simulations");
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(format!("{folder}/identity-splitting.svg"), chart.svg()).unwrap();
}
