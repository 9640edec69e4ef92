//! The phases one by one, where members do exactly what the test says.

#![allow(clippy::unwrap_used)]

use iz_rounds_machine::machine::{Evidence, set_digest};
use iz_rounds_machine::score::{Metrics, Sheet};
use iz_rounds_machine::{
    Bitmap, Digest, Durations, Gates, Parameters, Phase, Roll, Round, RoundError, VoidReason,
};

const LONG: u32 = 10;

fn parameters() -> Parameters {
    Parameters {
        minimum_clients: 3,
        maximum_clients: 4,
        committee: 4,
        threshold: 3,
        groups: 2,
        minimum_group: 2,
        durations: Durations {
            enrol: LONG,
            beacon: LONG,
            submit: LONG,
            witness: LONG,
            unmask: LONG,
            aggregate: LONG,
            score_commit: LONG,
            score_reveal: LONG,
            challenge: LONG,
            judge: LONG,
        },
        gates: Gates { accuracy: 10, robustness: 0, fairness: 0 },
    }
}

fn evidence() -> Evidence<'static> {
    Evidence {
        candidates: 9,
        beacon: Some((5, 0)),
        contract: "c",
        number: 1,
        weight: 4,
        ..Evidence::default()
    }
}

fn sheet(accuracy: u32) -> Sheet {
    Sheet { scores: vec![7, 9], metrics: Metrics { accuracy, robustness: 0, fairness: 0 } }
}

/// A round brought to a phase by everyone doing what they should at time 0.
fn at(phase: Phase) -> (Round, Roll) {
    let parameters = parameters();
    let mut roll = Roll::default();
    let mut round = Round::open(&parameters, 0).unwrap();
    let clients: Bitmap = (0..4).collect();
    let aggregate = Digest::of("aggregate", &[]);
    let step = |round: &mut Round, roll: &mut Roll| match round.phase {
        Phase::Enrol => {
            for _ in 0..4 {
                round.enrol(&parameters, roll, 0).unwrap();
            }
            round.advance(&parameters, roll, &evidence(), u64::from(LONG)).unwrap();
        }
        Phase::Draw => round.seat_committee(&parameters, 0).unwrap(),
        Phase::Submit => {
            for index in 0..4 {
                round.submit(roll, index, 0).unwrap();
            }
            round.advance(&parameters, roll, &evidence(), 0).unwrap();
        }
        Phase::Witness => {
            for seat in 0..4 {
                round.witness(roll, seat, &clients, 0).unwrap();
            }
            round.advance(&parameters, roll, &Evidence { answers: &[clients; 4], ..evidence() }, 0).unwrap();
        }
        Phase::Group => round.draw_groups(&parameters, Digest::of("seed", &[]), 0).unwrap(),
        Phase::Unmask => {
            let set = round.set.unwrap();
            for seat in 0..4 {
                round.post_sum(seat, &set, 0).unwrap();
            }
            round.advance(&parameters, roll, &evidence(), 0).unwrap();
        }
        Phase::Aggregate => {
            for seat in 0..3 {
                round.attest(seat, aggregate, 0).unwrap();
            }
            round.advance(&parameters, roll, &evidence(), 0).unwrap();
        }
        Phase::ScoreCommit => {
            for seat in 0..4 {
                round.commit_scores(seat, 0).unwrap();
            }
            round.advance(&parameters, roll, &evidence(), 0).unwrap();
        }
        Phase::ScoreReveal => {
            for seat in 0..4 {
                round.reveal_scores(seat, &sheet(20), aggregate, Some(aggregate), 0).unwrap();
            }
            let sheets = vec![(sheet(20), 1); 4];
            round.advance(&parameters, roll, &Evidence { sheets: &sheets, ..evidence() }, 0).unwrap();
        }
        Phase::Challenge => round.challenge(&parameters, 0).unwrap(),
        Phase::Judge | Phase::Final | Phase::Void => unreachable!(),
    };
    while round.phase != phase {
        step(&mut round, &mut roll);
    }
    (round, roll)
}

#[test]
fn a_round_goes_through_every_phase_and_is_final() {
    let (mut round, roll) = at(Phase::Challenge);
    assert_eq!(round.set, Some(set_digest("c", 1, &(0..4).collect())));
    assert_eq!(round.agreed, Some(sheet(20)));
    assert_eq!(round.groups, 2);
    let early = round.advance(&parameters(), &roll, &evidence(), u64::from(LONG) - 1);
    assert!(matches!(early, Err(RoundError::TooEarly { .. })));
    round.advance(&parameters(), &roll, &evidence(), u64::from(LONG)).unwrap();
    assert_eq!(round.phase, Phase::Final);
    assert_eq!(round.faults, 0, "a seat that a quorum left no chance is not at fault");
}

#[test]
fn nobody_acts_late_and_nobody_is_kept_waiting_by_those_who_are_done() {
    let (mut round, mut roll) = at(Phase::Submit);
    let late = round.submit(&mut roll, 0, u64::from(LONG));
    assert_eq!(late, Err(RoundError::DeadlinePassed { deadline: LONG.into(), now: LONG.into() }));
    for index in 0..3 {
        round.submit(&mut roll, index, 0).unwrap();
    }
    assert!(round.advance(&parameters(), &roll, &evidence(), 0).is_err());
    assert_eq!(round.submit(&mut roll, 2, 0), Err(RoundError::AlreadySubmitted { index: 2 }));
    assert_eq!(round.submit(&mut roll, 4, 0), Err(RoundError::NoSuchClient { index: 4 }));
    round.submit(&mut roll, 3, 0).unwrap();
    round.advance(&parameters(), &roll, &evidence(), 0).unwrap();
    assert_eq!(round.phase, Phase::Witness);
}

#[test]
fn the_seats_for_clients_run_out() {
    let parameters = parameters();
    let round = Round::open(&parameters, 0).unwrap();
    let mut roll = Roll::default();
    for index in 0..4 {
        assert_eq!(round.enrol(&parameters, &mut roll, 0), Ok(index));
    }
    assert_eq!(round.enrol(&parameters, &mut roll, 0), Err(RoundError::Full { maximum: 4 }));
}

#[test]
fn a_member_answers_once_and_for_clients_who_submitted() {
    let (mut round, roll) = at(Phase::Witness);
    assert_eq!(round.witness(&roll, 0, &(0..5).collect(), 0), Err(RoundError::UnknownClients));
    assert_eq!(
        round.witness(&roll, 4, &roll.submitted, 0),
        Err(RoundError::NoSuchSeat { seat: 4, seats: 4 })
    );
    round.witness(&roll, 0, &roll.submitted, 0).unwrap();
    assert_eq!(round.witness(&roll, 0, &roll.submitted, 0), Err(RoundError::AlreadyDone { seat: 0 }));
}

#[test]
fn a_sum_over_another_set_is_refused() {
    let (mut round, _) = at(Phase::Unmask);
    let other = set_digest("c", 1, &(0..3).collect());
    assert_eq!(round.post_sum(0, &other, 0), Err(RoundError::OtherSet));
    let set = round.set.unwrap();
    round.post_sum(0, &set, 0).unwrap();
    assert_eq!(round.post_sum(0, &set, 0), Err(RoundError::AlreadyDone { seat: 0 }));
}

#[test]
fn two_of_four_are_not_a_quorum() {
    let (mut round, roll) = at(Phase::Aggregate);
    for (seat, name) in ["one", "one", "two", "two"].iter().enumerate() {
        round.attest(seat as u8, Digest::of(name, &[]), 0).unwrap();
    }
    round.advance(&parameters(), &roll, &evidence(), 0).unwrap();
    assert_eq!((round.phase, round.reason), (Phase::Void, Some(VoidReason::NoAgreement)));
}

#[test]
fn who_misses_a_deadline_is_at_fault() {
    let (mut round, roll) = at(Phase::Unmask);
    let set = round.set.unwrap();
    for seat in 1..4 {
        round.post_sum(seat, &set, 0).unwrap();
    }
    round.advance(&parameters(), &roll, &evidence(), LONG.into()).unwrap();
    assert_eq!(round.phase, Phase::Aggregate);
    assert_eq!([0, 1, 2, 3].map(|seat| round.is_at_fault(seat)), [true, false, false, false]);
}

#[test]
fn scores_that_were_not_committed_to_are_refused() {
    let (mut round, roll) = at(Phase::ScoreCommit);
    for seat in 0..3 {
        round.commit_scores(seat, 0).unwrap();
    }
    round.advance(&parameters(), &roll, &evidence(), LONG.into()).unwrap();
    let (mine, other) = (Digest::of("mine", &[]), Digest::of("other", &[]));
    assert_eq!(round.reveal_scores(3, &sheet(1), mine, None, 11), Err(RoundError::NotCommitted { seat: 3 }));
    assert_eq!(round.reveal_scores(0, &sheet(1), mine, Some(other), 11), Err(RoundError::CommitmentMismatch));
    let short = Sheet { scores: vec![1], metrics: Metrics::default() };
    assert!(matches!(
        round.reveal_scores(0, &short, mine, Some(mine), 11),
        Err(RoundError::WrongScores { expected: 2, actual: 1 })
    ));
    for seat in 0..2 {
        round.reveal_scores(seat, &sheet(20), mine, Some(mine), 11).unwrap();
    }
    round.advance(&parameters(), &roll, &evidence(), 20).unwrap();
    assert_eq!(round.reason, Some(VoidReason::TooFewScores));
    assert_eq!(round.faults, 0b1100);
}

#[test]
fn a_gate_that_is_missed_voids_the_round() {
    let (mut round, roll) = at(Phase::ScoreReveal);
    let mine = Digest::of("mine", &[]);
    for seat in 0..4 {
        round.reveal_scores(seat, &sheet(9), mine, Some(mine), 0).unwrap();
    }
    let sheets = vec![(sheet(9), 1); 4];
    round.advance(&parameters(), &roll, &Evidence { sheets: &sheets, ..evidence() }, 0).unwrap();
    assert_eq!(round.reason, Some(VoidReason::GateFailed));
    assert_eq!(round.agreed, Some(sheet(9)));
}

#[test]
fn a_challenge_is_decided_by_a_quorum_or_voids_the_round() {
    let judge = |votes: &[bool]| {
        let (mut round, roll) = at(Phase::Judge);
        for (seat, upheld) in votes.iter().enumerate() {
            round.judge(seat as u8, *upheld, 0).unwrap();
        }
        round.advance(&parameters(), &roll, &evidence(), LONG.into()).unwrap();
        (round.phase, round.reason, round.faults)
    };
    // who attested what was found wrong is at fault: seats 0 to 2 did
    assert_eq!(judge(&[true, true, true]), (Phase::Void, Some(VoidReason::ChallengeUpheld), 0b1111));
    assert_eq!(judge(&[false, false, false]), (Phase::Final, None, 0b1000));
    assert_eq!(judge(&[true, true, false]), (Phase::Void, Some(VoidReason::ChallengeUnresolved), 0b1000));
    let (mut round, _) = at(Phase::Judge);
    assert!(matches!(round.challenge(&parameters(), 0), Err(RoundError::WrongPhase { .. })));
}

#[test]
fn a_beacon_that_does_not_come_voids_the_round() {
    for (phase, faults) in [(Phase::Draw, 0), (Phase::Group, 0)] {
        let (mut round, roll) = at(phase);
        let deadline = round.deadline;
        assert!(round.advance(&parameters(), &roll, &evidence(), deadline - 1).is_err());
        round.advance(&parameters(), &roll, &evidence(), deadline).unwrap();
        assert_eq!((round.reason, round.faults), (Some(VoidReason::BeaconMissing), faults));
    }
}

#[test]
fn time_at_the_end_of_counting_is_an_error_and_not_a_panic() {
    assert!(matches!(Round::open(&parameters(), u64::MAX), Err(RoundError::TimeOverflow { .. })));
    let (mut round, roll) = at(Phase::Unmask);
    let set = round.set.unwrap();
    for seat in 0..4 {
        round.post_sum(seat, &set, 0).unwrap();
    }
    let before = round.clone();
    assert!(round.advance(&parameters(), &roll, &evidence(), u64::MAX).is_err());
    assert_eq!(round, before);
}
