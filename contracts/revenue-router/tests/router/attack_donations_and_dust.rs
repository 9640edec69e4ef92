//! Attack: money sent past the messages, and fees too small to be split, made to give somebody more than a share.

use cosmwasm_std::coins;
use iz_contract_types::revenue_router::*;

use crate::fixture::*;

#[test]
fn a_direct_donation_credits_nobody_and_blocks_nothing() {
    let mut router = Router::new();
    router.weigh(POOL, "ann", 1);
    let contract = router.env.contract.address.clone();
    router.deps.querier.bank.update_balance(contract, coins(1_000_000, "uusdc"));
    assert_eq!((router.held(), router.app_balance(), router.claimable(POOL, "ann")), (0, 0, 0));
    router.pay(10_000, None).unwrap();
    assert_eq!((router.held(), router.app_balance(), router.claimable(POOL, "ann")), (10_000, 5_000, 2_000));
}

#[test]
fn ten_thousand_fees_of_one_unit_are_split_as_one_of_ten_thousand() {
    let mut router = Router::new();
    router.weigh(POOL, "ann", 1);
    router.weigh(NODES, "node", 1);
    for _ in 0..10_000 {
        router.pay(1, None).unwrap();
    }
    assert_eq!(router.app_balance(), 5_000);
    assert_eq!((router.claimable(POOL, "ann"), router.claimable(NODES, "node")), (2_000, 1_000));
    assert_eq!(router.held(), 10_000);
}

#[test]
fn who_joins_an_empty_pool_before_a_fee_shares_it_and_nobody_takes_what_another_earned() {
    let mut router = Router::new();
    router.weigh(POOL, "ann", 1);
    router.pay(10_000, None).unwrap();
    // a weight far larger, right after the fee: nothing of the fee moves
    router.weigh(POOL, "late", u128::MAX / 2);
    assert_eq!((router.claimable(POOL, "ann"), router.claimable(POOL, "late")), (2_000, 0));
}

#[test]
fn shares_below_one_unit_add_up_for_members_too() {
    let mut router = Router::new();
    for member in ["a", "b", "c"] {
        router.weigh(POOL, member, 1);
    }
    // 20 units a fee of 100, for three: 6 and two thirds each
    for _ in 0..2 {
        router.pay(100, None).unwrap();
    }
    for member in ["a", "b", "c"] {
        assert_eq!(router.claimable(POOL, member), 13);
        let known: MemberResponse =
            router.ask(QueryMsg::Member { pool: POOL.into(), member: router.address(member).into() });
        assert_eq!(known.owed[0].1.to_string(), "13333333333333");
    }
    router.pay(100, None).unwrap();
    for member in ["a", "b", "c"] {
        assert_eq!(router.claimable(POOL, member), 20);
    }
}
