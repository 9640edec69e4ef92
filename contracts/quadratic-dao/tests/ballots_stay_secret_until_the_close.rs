//! Secret ballots (class Model in the fixture): commit, reveal, budget. Attacks: a reveal that does not match, somebody
//! else's seal, more than was committed, choosing after the close what to open.

use cosmwasm_std::{HexBinary, Uint128, Uint256};
use cw_multi_test::{AppResponse, error::AnyResult};
use iz_contract_testing::{Commons, DAY, no, refusal, seal, yes};
use iz_contract_types::constitution::Class;
use iz_contract_types::quadratic_dao::*;
use iz_quadratic_dao::error::ContractError;

const SALT: [u8; 16] = [9; 16];

fn sealed(commons: &Commons, voter: &str, parcel: u8, votes: Vec<OptionVote>) -> HexBinary {
    seal(&Sealed {
        chain_id: commons.app.block_info().chain_id,
        contract: commons.dao.to_string(),
        ballot: 1,
        voter: commons.name(voter).to_string(),
        parcel,
        votes,
        none: Uint128::zero(),
        salt: HexBinary::from(SALT),
    })
}

fn commit(
    commons: &mut Commons,
    voter: &str,
    parcel: u8,
    radius: u128,
    digest: HexBinary,
) -> AnyResult<AppResponse> {
    let (sender, dao) = (commons.name(voter), commons.dao.clone());
    commons.send(&sender, &dao, &ExecuteMsg::Commit { ballot: 1, parcel, radius: radius.into(), digest }, &[])
}

fn reveal(commons: &mut Commons, voter: &str, parcel: u8, votes: Vec<OptionVote>) -> AnyResult<AppResponse> {
    let (sender, dao) = (commons.name(voter), commons.dao.clone());
    let (none, salt) = (Uint128::zero(), HexBinary::from(SALT));
    commons.send(
        &sender,
        &dao,
        &ExecuteMsg::Reveal { ballot: 1, parcel, votes, none, presence: None, salt },
        &[],
    )
}

/// Two model proposals on one secret ballot, at its opening.
fn setting() -> Commons {
    let mut commons = Commons::new();
    commons.credit(&[("anna", 100), ("bert", 100), ("cleo", 100)]);
    for _ in 0..2 {
        commons.propose("anna", Class::Model, vec![]);
    }
    commons.pass_until_open(1);
    commons
}

fn pass_until_reveal(commons: &mut Commons) {
    let closes = commons.ballot(1).closes;
    commons.pass_until(closes.seconds());
}

#[test]
fn sealed_votes_count_when_they_are_opened() {
    let mut commons = setting();
    let votes = vec![yes(1, 60), no(2, 80)];
    let digest = sealed(&commons, "anna", 0, votes.clone());
    commit(&mut commons, "anna", 0, 100, digest).unwrap();
    assert_eq!(commons.budget(1, "anna").spent, Uint256::from(10_000u128));
    let early = reveal(&mut commons, "anna", 0, votes.clone());
    assert!(refusal(early).starts_with("sealed votes of ballot 1 are opened from"));
    assert!(refusal(commons.vote("bert", 1, vec![yes(1, 1)])).contains("secret"));
    pass_until_reveal(&mut commons);
    assert_eq!(commons.tally(1).presence, Uint128::zero());
    let digest = sealed(&commons, "bert", 0, votes.clone());
    assert!(refusal(commit(&mut commons, "bert", 0, 1, digest)).contains("is voted on from"));
    reveal(&mut commons, "anna", 0, votes.clone()).unwrap();
    let tally = commons.tally(1);
    assert_eq!((tally.options[0].yes.u128(), tally.options[1].no.u128()), (60, 80));
    assert_eq!(tally.presence.u128(), 100);
    let nothing = ContractError::NoParcel { voter: commons.name("anna").to_string(), parcel: 0, ballot: 1 };
    assert_eq!(refusal(reveal(&mut commons, "anna", 0, votes.clone())), nothing.to_string());
    assert!(refusal(commons.close(1)).contains("can be closed from"), "reveals are not over");
    commons.pass_until_over(1);
    assert!(refusal(reveal(&mut commons, "anna", 0, votes)).starts_with("sealed votes of ballot 1"));
    commons.close(1).unwrap();
    assert!(matches!(commons.status(1), Status::Passed { .. }));
}

#[test]
fn a_reveal_that_does_not_match_is_refused() {
    let mut commons = setting();
    let votes = vec![yes(1, 60)];
    let digest = sealed(&commons, "anna", 0, votes.clone());
    commit(&mut commons, "anna", 0, 100, digest.clone()).unwrap();
    // A copycat seals what she saw, and cannot open it.
    commit(&mut commons, "bert", 0, 100, digest.clone()).unwrap();
    commit(&mut commons, "anna", 1, 0, digest).unwrap();
    pass_until_reveal(&mut commons);
    let mismatch = ContractError::SealMismatch { parcel: 0 }.to_string();
    assert_eq!(refusal(reveal(&mut commons, "anna", 0, vec![yes(1, 61)])), mismatch);
    assert_eq!(refusal(reveal(&mut commons, "anna", 0, vec![yes(2, 60)])), mismatch);
    assert_eq!(refusal(reveal(&mut commons, "bert", 0, votes.clone())), mismatch);
    let (anna, dao) = (commons.name("anna"), commons.dao.clone());
    for (bytes, words) in [(16, "not what was sealed"), (15, "16 to 64 bytes"), (65, "16 to 64 bytes")] {
        let message = ExecuteMsg::Reveal {
            ballot: 1,
            parcel: 0,
            votes: votes.clone(),
            none: Uint128::zero(),
            presence: None,
            salt: HexBinary::from(vec![8; bytes]),
        };
        assert!(refusal(commons.send(&anna, &dao, &message, &[])).contains(words));
    }
    assert_eq!(commons.tally(1).presence, Uint128::zero());
    reveal(&mut commons, "anna", 0, votes).unwrap();
}

#[test]
fn nobody_opens_more_than_was_committed_and_charged() {
    let mut commons = setting();
    let votes = vec![yes(1, 60), yes(2, 80)];
    let digest = sealed(&commons, "anna", 0, votes.clone());
    assert!(refusal(commit(&mut commons, "anna", 0, 101, digest.clone())).contains("the budget is 10000"));
    commit(&mut commons, "anna", 0, 99, digest).unwrap();
    let short = HexBinary::from([1; 31]);
    assert!(refusal(commit(&mut commons, "anna", 0, 99, short)).contains("32 bytes"));
    let foreign = vec![yes(3, 1)];
    let digest = sealed(&commons, "bert", 0, foreign.clone());
    commit(&mut commons, "bert", 0, 99, digest).unwrap();
    pass_until_reveal(&mut commons);
    let error = ContractError::TooLong { radius: Uint128::new(99) }.to_string();
    assert_eq!(refusal(reveal(&mut commons, "anna", 0, votes)), error);
    assert!(refusal(reveal(&mut commons, "bert", 0, foreign)).contains("no option of ballot 1"));
    assert_eq!(commons.tally(1).presence, Uint128::zero());
}

/// Several identities could seal different votes and open those that suit them after the close. Parcels let one identity do the
/// same for the same price: the square of the sum of lengths.
#[test]
fn parcels_cost_what_identities_with_them_would_need() {
    let mut commons = setting();
    let (one, two) = (vec![yes(1, 50)], vec![yes(2, 50)]);
    for (parcel, votes) in [(0, &one), (1, &two)] {
        let digest = sealed(&commons, "anna", parcel, votes.clone());
        commit(&mut commons, "anna", parcel, 50, digest).unwrap();
    }
    assert_eq!(commons.budget(1, "anna").spent, Uint256::from(10_000u128));
    let third = sealed(&commons, "anna", 2, one.clone());
    assert!(refusal(commit(&mut commons, "anna", 2, 1, third.clone())).contains("would cost 10201"));
    // Made smaller, a parcel leaves room for another.
    commit(&mut commons, "anna", 0, 49, third.clone()).unwrap();
    commit(&mut commons, "anna", 2, 1, third).unwrap();
    pass_until_reveal(&mut commons);
    reveal(&mut commons, "anna", 1, two).unwrap();
    let tally = commons.tally(1);
    assert_eq!((tally.options[0].yes.u128(), tally.options[1].yes.u128()), (0, 50));
    commons.pass(DAY);
}
