//! Deposits, payments, grants: what is promised cannot be spent on anything else, and nobody pays alone.

#![allow(clippy::unwrap_used)] // helpers are part of the test

use cosmwasm_std::{CosmosMsg, Uint128, coin, coins};
use cw_multi_test::{AppResponse, Executor, error::AnyResult};
use cw20::Cw20ReceiveMsg;
use iz_contract_testing::{Commons, DAY, DENOM, refusal};
use iz_contract_types::asset::Asset;
use iz_contract_types::constitution::*;

fn native(denom: &str) -> Asset {
    Asset::Native { denom: denom.into() }
}

fn decide(commons: &mut Commons, id: u64, message: &ExecuteMsg) -> AnyResult<AppResponse> {
    let (dao, constitution) = (commons.dao.clone(), commons.constitution.clone());
    let messages: Vec<CosmosMsg> = vec![commons.message(&constitution, message)];
    let decision = ExecuteMsg::Execute { proposal_id: id, class: Class::Grant, messages };
    commons.send(&dao, &constitution, &decision, &[])
}

fn send(commons: &mut Commons, sender: &str, message: &ExecuteMsg) -> AnyResult<AppResponse> {
    let (sender, constitution) = (commons.name(sender), commons.constitution.clone());
    commons.send(&sender, &constitution, message, &[])
}

fn spend(commons: &Commons, amount: u128) -> ExecuteMsg {
    let recipient = commons.name("artist").to_string();
    ExecuteMsg::Spend { recipient, asset: native(DENOM), amount: amount.into() }
}

fn grant(commons: &Commons, milestones: &[(u128, u64)], research: bool) -> ExecuteMsg {
    ExecuteMsg::CreateGrant {
        recipient: commons.name("artist").to_string(),
        asset: native(DENOM),
        milestones: milestones
            .iter()
            .map(|(amount, days)| Milestone { amount: Uint128::new(*amount), seconds: days * DAY })
            .collect(),
        reviewer: Some(commons.name("reviewer").to_string()),
        research,
    }
}

fn treasury(commons: &Commons) -> TreasuryResponse {
    commons.ask(&commons.constitution, &QueryMsg::Treasury { asset: native(DENOM) })
}

fn paid(commons: &Commons) -> u128 {
    commons.balance(&commons.name("artist"), DENOM)
}

#[test]
fn deposits_are_shared_with_foundation_and_research() {
    let mut commons = Commons::new();
    let (payer, constitution) = (commons.name("payer"), commons.constitution.clone());
    commons.give(&payer, 5_000, DENOM);
    commons.give(&payer, 5, "uusdc");
    let deposit = ExecuteMsg::Deposit {};
    commons.send(&payer, &constitution, &deposit, &coins(1_999, DENOM)).unwrap();
    let state = treasury(&commons);
    assert_eq!(
        (state.foundation_owed.u128(), state.research.u128()),
        (99, 199),
        "5 and 10 percent, rounded down"
    );
    assert_eq!((state.balance.u128(), state.free.u128()), (1_001_999, 1_001_999 - 298));
    assert_eq!(refusal(commons.send(&payer, &constitution, &deposit, &[])), "a deposit is one coin, not 0");
    let two = [coin(1, DENOM), coin(1, "uusdc")];
    assert_eq!(refusal(commons.send(&payer, &constitution, &deposit, &two)), "a deposit is one coin, not 2");
    let claim = ExecuteMsg::ClaimFoundation { asset: native(DENOM) };
    send(&mut commons, "anyone", &claim).unwrap();
    assert_eq!(commons.balance(&commons.name("foundation"), DENOM), 99);
    assert_eq!(refusal(send(&mut commons, "anyone", &claim)), "nothing to claim");
    assert_eq!(treasury(&commons).reserved.u128(), 199);
    let other = commons.send(&payer, &constitution, &claim, &coins(1, DENOM));
    assert_eq!(refusal(other), "this message takes no money");
}

/// Attack: a token that claims to have sent much. It makes promises in itself only.
#[test]
fn a_lying_token_promises_nothing_but_itself() {
    let mut commons = Commons::new();
    let before = treasury(&commons);
    let lie = |amount: u128| {
        let sender = "anyone".to_string();
        ExecuteMsg::Receive(Cw20ReceiveMsg { sender, amount: amount.into(), msg: Default::default() })
    };
    // Fifteen percent of each are promised: the seventh would exceed what can be counted.
    for _ in 0..6 {
        send(&mut commons, "token", &lie(u128::MAX)).unwrap();
    }
    assert!(refusal(send(&mut commons, "token", &lie(u128::MAX))).contains("Cannot Add"));
    assert_eq!(refusal(send(&mut commons, "token", &lie(0))), "the amount is zero");
    assert_eq!(treasury(&commons), before);
    let asset = Asset::Cw20 { address: commons.name("token").to_string() };
    assert!(send(&mut commons, "anyone", &ExecuteMsg::ClaimFoundation { asset }).is_err());
}

#[test]
fn small_payments_by_vote_are_paid_at_once_and_large_ones_need_signatures() {
    let mut commons = Commons::new();
    let message = spend(&commons, 50_000);
    decide(&mut commons, 1, &message).unwrap();
    assert_eq!(paid(&commons), 50_000);
    commons.pass(30 * DAY);
    let message = spend(&commons, 50_001);
    decide(&mut commons, 2, &message).unwrap();
    assert_eq!((paid(&commons), treasury(&commons).reserved.u128()), (50_000, 50_001));
    let sign = ExecuteMsg::Approve { payment: 1 };
    assert!(refusal(send(&mut commons, "mallory", &sign)).contains("may not send this"));
    send(&mut commons, "karl", &sign).unwrap();
    assert!(refusal(send(&mut commons, "karl", &sign)).contains("has signed payment 1 already"));
    assert_eq!(paid(&commons), 50_000);
    send(&mut commons, "lena", &sign).unwrap();
    assert_eq!((paid(&commons), treasury(&commons).reserved.u128()), (100_001, 0));
    assert_eq!(refusal(send(&mut commons, "mona", &sign)), "payment 1 is no longer waiting");
    assert_eq!(
        refusal(send(&mut commons, "mona", &ExecuteMsg::Approve { payment: 9 })),
        "there is no payment 9"
    );
    let direct = spend(&commons, 1);
    assert!(refusal(send(&mut commons, "karl", &direct)).starts_with("only a vote may do this"));
    let nothing = spend(&commons, 0);
    assert_eq!(refusal(decide(&mut commons, 3, &nothing)), "the amount is zero");
}

#[test]
fn a_payment_that_nobody_signs_returns_to_the_treasury() {
    let mut commons = Commons::new();
    let message = spend(&commons, 60_000);
    decide(&mut commons, 1, &message).unwrap();
    let expire = ExecuteMsg::Expire { payment: 1 };
    assert!(refusal(send(&mut commons, "anyone", &expire)).contains("may wait until"));
    commons.pass(30 * DAY);
    assert!(
        refusal(send(&mut commons, "karl", &ExecuteMsg::Approve { payment: 1 })).contains("could wait until")
    );
    send(&mut commons, "anyone", &expire).unwrap();
    assert_eq!(treasury(&commons).reserved, Uint128::zero());
    assert!(send(&mut commons, "anyone", &expire).is_err());
    let answer: PaymentResponse = commons.ask(&commons.constitution, &QueryMsg::Payment { id: 1 });
    assert_eq!(answer.status, PaymentStatus::Expired);
}

#[test]
fn the_council_pays_within_its_allowance_and_never_with_one_signature() {
    let mut commons = Commons::new();
    let request = |commons: &Commons, amount: u128, denom: &str| ExecuteMsg::Request {
        recipient: commons.name("artist").to_string(),
        asset: native(denom),
        amount: amount.into(),
    };
    let small = request(&commons, 300, DENOM);
    assert!(refusal(send(&mut commons, "mallory", &small)).contains("may not send this"));
    let large = request(&commons, 501, DENOM);
    assert!(refusal(send(&mut commons, "karl", &large)).contains("may let out 500"));
    let foreign = request(&commons, 1, "uusdc");
    assert!(refusal(send(&mut commons, "karl", &foreign)).contains("council lets no native:uusdc out"));
    send(&mut commons, "karl", &small).unwrap();
    send(&mut commons, "karl", &small).unwrap();
    assert_eq!(paid(&commons), 0);
    send(&mut commons, "lena", &ExecuteMsg::Approve { payment: 1 }).unwrap();
    assert_eq!(paid(&commons), 300);
    let second = send(&mut commons, "lena", &ExecuteMsg::Approve { payment: 2 });
    assert!(refusal(second).contains("may let out 200 native:uiz more in this epoch, 300 is asked"));
    assert_eq!(paid(&commons), 300);
}

#[test]
fn a_grant_streams_by_milestones_and_only_what_has_not_vested_is_taken_back() {
    let mut commons = Commons::new();
    let message = grant(&commons, &[(1_000, 10), (2_000, 0), (3_000, 30)], false);
    decide(&mut commons, 1, &message).unwrap();
    assert_eq!(treasury(&commons).reserved.u128(), 6_000);
    let (claim, approve) = (ExecuteMsg::ClaimGrant { grant: 1 }, ExecuteMsg::ApproveMilestone { grant: 1 });
    assert_eq!(refusal(send(&mut commons, "artist", &claim)), "nothing to claim");
    assert!(refusal(send(&mut commons, "artist", &approve)).contains("may not send this"));
    send(&mut commons, "reviewer", &approve).unwrap();
    commons.pass(5 * DAY);
    send(&mut commons, "anyone", &claim).unwrap();
    assert_eq!(paid(&commons), 500);
    commons.pass(50 * DAY);
    send(&mut commons, "reviewer", &approve).unwrap();
    decide(&mut commons, 2, &approve).unwrap();
    commons.pass(10 * DAY);
    let clawback = ExecuteMsg::Clawback { grant: 1 };
    assert!(refusal(send(&mut commons, "karl", &clawback)).starts_with("only a vote may do this"));
    decide(&mut commons, 3, &clawback).unwrap();
    assert_eq!(treasury(&commons).reserved.u128(), 3_500, "1000 + 2000 + 1000 vested, 500 of it paid");
    commons.pass(100 * DAY);
    send(&mut commons, "artist", &claim).unwrap();
    assert_eq!((paid(&commons), treasury(&commons).reserved.u128()), (4_000, 0));
    assert_eq!(refusal(send(&mut commons, "artist", &claim)), "nothing to claim");
    assert_eq!(refusal(send(&mut commons, "reviewer", &approve)), "grant 1 has ended");
    assert_eq!(refusal(decide(&mut commons, 4, &clawback)), "grant 1 has ended");
    assert_eq!(
        refusal(send(&mut commons, "artist", &ExecuteMsg::ClaimGrant { grant: 2 })),
        "there is no grant 2"
    );
}

#[test]
fn research_grants_come_from_what_is_set_aside() {
    let mut commons = Commons::new();
    let (payer, constitution) = (commons.name("payer"), commons.constitution.clone());
    commons.give(&payer, 10_000, DENOM);
    commons.send(&payer, &constitution, &ExecuteMsg::Deposit {}, &coins(10_000, DENOM)).unwrap();
    let message = grant(&commons, &[(1_001, 0)], true);
    assert!(refusal(decide(&mut commons, 1, &message)).contains("1000 native:uiz is set aside for research"));
    let message = grant(&commons, &[(900, 0)], true);
    decide(&mut commons, 1, &message).unwrap();
    assert_eq!(treasury(&commons).research.u128(), 100);
    decide(&mut commons, 2, &ExecuteMsg::Clawback { grant: 1 }).unwrap();
    let state = treasury(&commons);
    assert_eq!((state.research.u128(), state.reserved.u128()), (1_000, 1_500));
}

#[test]
fn malformed_grants_are_refused_and_promises_never_exceed_what_is_there() {
    let mut commons = Commons::new();
    let refused: [&[(u128, u64)]; 4] = [&[], &[(1, 0); 13], &[(0, 1)], &[(1, 3_661)]];
    for milestones in refused {
        let message = grant(&commons, milestones, false);
        assert!(refusal(decide(&mut commons, 1, &message)).starts_with("the grant is not valid"));
    }
    let overflowing = grant(&commons, &[(u128::MAX, 1), (1, 1)], false);
    assert!(decide(&mut commons, 1, &overflowing).is_err());
    // Most of the treasury leaves otherwise: what is promised stays.
    let message = grant(&commons, &[(90_000, 10)], false);
    decide(&mut commons, 1, &message).unwrap();
    let (constitution, elsewhere) = (commons.constitution.clone(), commons.name("elsewhere"));
    commons.app.send_tokens(constitution, elsewhere, &coins(905_000, DENOM)).unwrap();
    let message = spend(&commons, 5_001);
    assert!(refusal(decide(&mut commons, 2, &message)).contains("5000 native:uiz is free, 5001 is asked"));
}
