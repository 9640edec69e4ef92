//! Attack: claims and payouts forced on others, and members that cannot receive, made to lose or to block money.

use cosmwasm_std::{SubMsgResponse, SubMsgResult, Uint128};
use iz_contract_types::revenue_router::*;
use iz_revenue_router::ContractError;

use crate::fixture::*;

fn crank(limit: u32) -> ExecuteMsg {
    ExecuteMsg::Crank { pool: NODES.into(), asset: usdc(), limit }
}

fn ok() -> SubMsgResult {
    #[allow(deprecated)]
    SubMsgResult::Ok(SubMsgResponse { events: vec![], data: None, msg_responses: vec![] })
}

/// Five members with a share of 200 each.
fn with_members() -> Router {
    let mut router = Router::new();
    for member in ["a", "b", "c", "d", "e"] {
        router.weigh(NODES, member, 1);
    }
    router.pay(10_000, None).unwrap();
    router
}

#[test]
fn nobody_claims_for_another() {
    let mut router = with_members();
    let source = Source::App { app: "acme".into() };
    let claim = ExecuteMsg::Claim { source, asset: usdc(), to: None };
    assert!(matches!(router.refuse("thief", &[], claim), ContractError::Unauthorized { .. }));
    let source = Source::Pool { pool: NODES.into() };
    let claim = ExecuteMsg::Claim { source, asset: usdc(), to: None };
    assert_eq!(router.refuse("thief", &[], claim), ContractError::NothingOwed {});
}

#[test]
fn a_payout_begins_once_a_period_and_pays_everybody_once() {
    let mut router = with_members();
    let due = router.env.block.time.plus_seconds(30 * 86_400);
    assert_eq!(router.refuse("anyone", &[], crank(2)), ContractError::NotDue { pool: NODES.into(), at: due });
    assert_eq!(router.refuse("anyone", &[], crank(0)), ContractError::ZeroLimit {});
    let pull = ExecuteMsg::Crank { pool: POOL.into(), asset: usdc(), limit: 1 };
    assert_eq!(router.refuse("anyone", &[], pull), ContractError::NotPeriodic { pool: POOL.into() });

    router.env.block.time = due;
    let anyone = router.address("anyone");
    let mut paid = 0;
    for expected in [2, 2, 1] {
        let response = router.run(&anyone, &[], crank(2)).unwrap();
        assert_eq!(response.messages.len(), expected);
        for message in response.messages {
            router.answer(message.id, ok()).unwrap();
            paid += 1;
        }
    }
    assert_eq!((paid, router.held()), (5, 9_000));
    assert!(matches!(router.refuse("anyone", &[], crank(2)), ContractError::NotDue { .. }));
}

#[test]
fn a_member_that_cannot_receive_keeps_its_share_and_stops_nobody() {
    let mut router = with_members();
    router.env.block.time = router.env.block.time.plus_seconds(31 * 86_400);
    let anyone = router.address("anyone");
    let response = router.run(&anyone, &[], crank(50)).unwrap();
    assert_eq!(response.messages.len(), 5);
    for (number, message) in response.messages.iter().enumerate() {
        let result = if number == 2 { SubMsgResult::Err("blocked".into()) } else { ok() };
        router.answer(message.id, result).unwrap();
    }
    let owed: Vec<u128> =
        ["a", "b", "c", "d", "e"].iter().map(|member| router.claimable(NODES, member)).collect();
    assert_eq!((owed.iter().sum::<u128>(), owed.iter().filter(|one| **one == 200).count()), (200, 1));
    assert_eq!(router.held(), 9_200);
}

#[test]
fn payouts_below_the_minimum_wait() {
    let mut router = Router::new();
    router.weigh(NODES, "rich", 99);
    router.weigh(NODES, "poor", 1);
    router.pay(9_000, None).unwrap();
    router.env.block.time = router.env.block.time.plus_seconds(31 * 86_400);
    let anyone = router.address("anyone");
    let response = router.run(&anyone, &[], crank(50)).unwrap();
    assert_eq!(response.messages.len(), 1);
    assert_eq!((router.claimable(NODES, "rich"), router.claimable(NODES, "poor")), (0, 9));
}

#[test]
fn periods_that_were_missed_do_not_pile_up() {
    let mut router = with_members();
    router.env.block.time = router.env.block.time.plus_seconds(100 * 86_400);
    let anyone = router.address("anyone");
    router.run(&anyone, &[], crank(50)).unwrap();
    assert!(matches!(router.refuse("anyone", &[], crank(50)), ContractError::NotDue { .. }));
    let pool: PoolResponse = router.ask(QueryMsg::Pool { pool: NODES.into() });
    assert!(pool.next_payout[0].1 > router.env.block.time);
    assert_eq!(pool.total_weight, Uint128::new(5));
}
