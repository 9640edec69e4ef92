//! Delegation under the ball rule: radii move, their sum never changes.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail loudly too")]

use iz_contract_testing::{Commons, DAY, no, refusal, yes};
use iz_contract_types::constitution::Class;
use iz_contract_types::{merit, quadratic_dao};
use iz_quadratic_dao::error::ContractError;

fn delegate(commons: &mut Commons, from: &str, to: &str) {
    let (from, to, merit) = (commons.name(from), commons.name(to), commons.merit.clone());
    let message = merit::ExecuteMsg::Delegate { to: Some(to.to_string()) };
    commons.send(&from, &merit, &message, &[]).unwrap();
}

fn reclaim(
    commons: &mut Commons,
    member: &str,
) -> cw_multi_test::error::AnyResult<cw_multi_test::AppResponse> {
    let (member, dao) = (commons.name(member), commons.dao.clone());
    commons.send(&member, &dao, &quadratic_dao::ExecuteMsg::Reclaim { epoch: 1 }, &[])
}

fn radii(commons: &Commons) -> [u128; 3] {
    ["anna", "bert", "cleo"].map(|name| commons.budget(1, name).radius.u128())
}

#[test]
fn a_delegate_has_the_sum_of_radii_and_delegators_have_none() {
    let mut commons = Commons::new();
    commons.credit(&[("anna", 30), ("bert", 40), ("cleo", 5)]);
    delegate(&mut commons, "anna", "bert");
    commons.pass(6);
    let proposal = commons.propose("anna", Class::Code, vec![]);
    // Too late for this epoch.
    delegate(&mut commons, "cleo", "bert");
    commons.pass_until_open(1);
    assert_eq!(radii(&commons), [0, 70, 5]);
    commons.vote("bert", 1, vec![yes(proposal, 70)]).unwrap();
    let error = ContractError::NoPower { voter: commons.name("anna").to_string(), epoch: 1 };
    assert_eq!(refusal(commons.vote("anna", 1, vec![no(proposal, 1)])), error.to_string());
    commons.vote("cleo", 1, vec![no(proposal, 5)]).unwrap();
    assert_eq!(commons.tally(1).presence.u128(), 75, "nobody is present twice");
}

#[test]
fn a_delegator_may_vote_for_herself_until_her_delegate_has_voted() {
    let mut commons = Commons::new();
    commons.credit(&[("anna", 30), ("bert", 40), ("cleo", 5)]);
    delegate(&mut commons, "anna", "bert");
    delegate(&mut commons, "cleo", "bert");
    commons.pass(6);
    let proposal = commons.propose("bert", Class::Code, vec![]);
    assert_eq!(radii(&commons), [0, 75, 0]);
    reclaim(&mut commons, "anna").unwrap();
    assert_eq!(radii(&commons), [30, 45, 0]);
    let again = ContractError::AlreadyReclaimed { member: commons.name("anna").to_string(), epoch: 1 };
    assert_eq!(refusal(reclaim(&mut commons, "anna")), again.to_string());
    let none = ContractError::NotDelegated { member: commons.name("bert").to_string(), epoch: 1 };
    assert_eq!(refusal(reclaim(&mut commons, "bert")), none.to_string());
    commons.pass_until_open(1);
    commons.vote("bert", 1, vec![yes(proposal, 45)]).unwrap();
    assert!(refusal(commons.vote("bert", 1, vec![yes(proposal, 46)])).contains("budget is 2025"));
    let late = ContractError::DelegateHasVoted { delegate: commons.name("bert").to_string(), epoch: 1 };
    assert_eq!(refusal(reclaim(&mut commons, "cleo")), late.to_string());
    commons.vote("anna", 1, vec![no(proposal, 30)]).unwrap();
    assert_eq!(commons.tally(1).presence.u128(), 75);
}

#[test]
fn who_was_given_votes_and_gave_her_own_away_reclaims_after_voting_too() {
    let mut commons = Commons::new();
    commons.credit(&[("anna", 30), ("bert", 40), ("cleo", 5)]);
    delegate(&mut commons, "anna", "bert");
    delegate(&mut commons, "bert", "cleo");
    commons.pass(6);
    let proposal = commons.propose("bert", Class::Code, vec![]);
    assert_eq!(radii(&commons), [0, 30, 45]);
    commons.pass_until_open(1);
    commons.vote("bert", 1, vec![yes(proposal, 30)]).unwrap();
    reclaim(&mut commons, "bert").unwrap();
    assert_eq!(radii(&commons), [0, 70, 5]);
    commons.vote("bert", 1, vec![yes(proposal, 70)]).unwrap();
    let none = ContractError::NoEpoch { epoch: 2 };
    let (bert, dao) = (commons.name("bert"), commons.dao.clone());
    let sent = commons.send(&bert, &dao, &quadratic_dao::ExecuteMsg::Reclaim { epoch: 2 }, &[]);
    assert_eq!(refusal(sent), none.to_string());
    commons.pass(DAY);
}
