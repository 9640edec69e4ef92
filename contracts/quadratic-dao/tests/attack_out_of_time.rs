//! Attacks with time: merit taken up after the proposal, votes before the opening and after the close, a swing in the last minute.

use cosmwasm_std::{Timestamp, Uint128};
use iz_contract_testing::{Commons, DAY, no, refusal, yes};
use iz_contract_types::constitution::Class;
use iz_contract_types::merit;
use iz_contract_types::quadratic_dao::Status;

#[test]
fn flash_merit_has_no_radius_in_an_epoch_that_has_begun() {
    let mut commons = Commons::new();
    commons.credit(&[("anna", 100), ("mallory", 5)]);
    let (rounds, merit) = (commons.name("rounds"), commons.merit.clone());
    let first = commons.propose("anna", Class::Code, vec![]);
    let credit = merit::ExecuteMsg::Credit {
        member: commons.name("mallory").to_string(),
        amount: Uint128::new(1_000_000),
        reason: "round 2".into(),
    };
    commons.send(&rounds, &merit, &credit, &[]).unwrap();
    commons.pass(6 * DAY);
    // A later proposal of the epoch has the same snapshot.
    commons.propose("anna", Class::Parameter, vec![]);
    commons.pass_until_open(1);
    assert_eq!(commons.budget(1, "mallory").radius.u128(), 5);
    assert_eq!(commons.epoch().total_power.u128(), 105);
    assert!(commons.vote("mallory", 1, vec![no(first, 6)]).is_err());
    commons.pass(DAY);
    commons.propose("anna", Class::Code, vec![]);
    assert_eq!(commons.budget(2, "mallory").radius.u128(), 5, "merit ripens with the clock of its snapshot");
}

#[test]
fn votes_before_the_opening_and_after_the_close_are_refused() {
    let mut commons = Commons::new();
    commons.credit(&[("anna", 100)]);
    let proposal = commons.propose("anna", Class::Code, vec![]);
    let ballot = commons.ballot(1);
    assert_eq!(ballot.opens.seconds() - commons.epoch().started.seconds(), 9 * DAY);
    assert_eq!(ballot.closes.seconds() - ballot.opens.seconds(), 3 * DAY);
    let set = |commons: &mut Commons, time: Timestamp| {
        commons.app.update_block(|block| {
            block.height += 1;
            block.time = time;
        });
    };
    let mut outcome = Vec::new();
    for time in [ballot.opens.minus_nanos(1), ballot.opens, ballot.closes.minus_nanos(1), ballot.closes] {
        set(&mut commons, time);
        outcome.push(commons.vote("anna", 1, vec![no(proposal, 7)]).is_ok());
    }
    assert_eq!(outcome, [false, true, true, false]);
    commons.close(1).unwrap();
    assert!(refusal(commons.vote("anna", 1, vec![yes(proposal, 100)])).contains("is voted on from"));
    assert_eq!(commons.status(proposal), Status::Rejected);
}

#[test]
fn a_late_swing_lengthens_the_vote_once() {
    let mut commons = Commons::new();
    commons.credit(&[("anna", 100), ("bert", 100), ("mallory", 150)]);
    let proposal = commons.propose("mallory", Class::Code, vec![]);
    commons.pass_until_open(1);
    commons.vote("anna", 1, vec![no(proposal, 100)]).unwrap();
    let closes = commons.ballot(1).closes;
    commons.pass_until(closes.seconds() - 60);
    // Votes that change no outcome do not lengthen anything.
    commons.vote("bert", 1, vec![no(proposal, 10)]).unwrap();
    assert!(!commons.ballot(1).extended);
    commons.vote("mallory", 1, vec![yes(proposal, 150)]).unwrap();
    let after = commons.ballot(1);
    assert!(after.extended);
    assert_eq!(after.closes.seconds() - closes.seconds(), 2 * DAY);
    commons.pass_until(closes.seconds());
    assert!(commons.close(1).is_err());
    commons.vote("bert", 1, vec![no(proposal, 100)]).unwrap();
    commons.pass_until(after.closes.seconds() - 60);
    commons.vote("mallory", 1, vec![yes(proposal, 1)]).unwrap();
    assert_eq!(commons.ballot(1).closes, after.closes, "once");
    commons.pass_until_over(1);
    commons.close(1).unwrap();
    assert_eq!(commons.status(proposal), Status::Rejected);
}
