//! Attack: propose the same thing many times, so that opponents have to spread their votes over the copies. Copies are options of
//! one ballot, where a vote for none is against all of them at the price of one.

#![allow(clippy::unwrap_used)] // helpers are part of the test

use cosmwasm_std::{Uint128, WasmMsg, to_json_binary};
use iz_contract_testing::{Commons, DENOM, no, refusal, yes};
use iz_contract_types::asset::Asset;
use iz_contract_types::constitution::{Class, ExecuteMsg};
use iz_contract_types::quadratic_dao::Status;

/// The same line of the table; amounts, recipients and spelling differ.
fn raid(commons: &Commons, copy: u128) -> cosmwasm_std::CosmosMsg {
    let spend = ExecuteMsg::Spend {
        recipient: commons.name(&format!("mallory {copy}")).to_string(),
        asset: Asset::Native { denom: DENOM.into() },
        amount: Uint128::new(10_000 + copy),
    };
    let json = to_json_binary(&spend).unwrap();
    let spaced = format!("  {}\n", String::from_utf8(json.to_vec()).unwrap());
    let spelled = spaced.replace("\"spend\"", "\"\\u0073pend\"");
    let msg = if copy.is_multiple_of(2) { spaced } else { spelled };
    let contract_addr = commons.constitution.to_string();
    WasmMsg::Execute { contract_addr, msg: msg.into_bytes().into(), funds: vec![] }.into()
}

#[test]
fn one_vote_for_none_answers_all_copies() {
    let mut commons = Commons::new();
    commons.credit(&[("mallory", 900), ("honest", 1_000)]);
    for copy in 0..6 {
        let message = raid(&commons, copy);
        commons.propose("mallory", Class::Grant, vec![message]);
    }
    assert_eq!(commons.ballot(1).options, [1, 2, 3, 4, 5, 6]);
    let more = raid(&commons, 6);
    assert!(refusal(commons.try_propose("mallory", Class::Grant, vec![more])).contains("has 6 options"));
    commons.pass_until_open(1);
    // 367² · 6 < 900²: as much for every copy as can be had.
    commons.vote("mallory", 1, (1..=6).map(|proposal| yes(proposal, 367)).collect()).unwrap();
    commons.vote_with("honest", 1, vec![], 1_000, None).unwrap();
    commons.pass_until_over(1);
    commons.close(1).unwrap();
    for proposal in 1..=6 {
        assert_eq!(commons.status(proposal), Status::Rejected);
    }
}

#[test]
fn several_grants_of_one_epoch_can_pass_and_one_can_be_opposed_alone() {
    let mut commons = Commons::new();
    commons.credit(&[("anna", 1_000), ("bert", 800)]);
    for copy in 0..3 {
        let message = raid(&commons, copy);
        commons.propose("anna", Class::Grant, vec![message]);
    }
    commons.pass_until_open(1);
    commons.vote("anna", 1, vec![yes(1, 500), yes(2, 500), yes(3, 500)]).unwrap();
    commons.vote("bert", 1, vec![no(2, 800)]).unwrap();
    commons.pass_until_over(1);
    commons.close(1).unwrap();
    assert!(matches!(commons.status(1), Status::Passed { .. }));
    assert_eq!(commons.status(2), Status::Rejected);
    assert!(matches!(commons.status(3), Status::Passed { .. }));
}
