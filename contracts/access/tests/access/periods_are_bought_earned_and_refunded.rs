//! T1 and T2: what is paid extends a subscription by whole periods, what has begun is earned, and the rest can be had back.

use cosmwasm_std::{CosmosMsg, WasmMsg, coins};
use iz_access::ContractError;
use iz_contract_types::access::*;

use crate::fixture::*;

#[test]
fn a_period_is_earned_when_it_begins_and_the_rest_is_refunded() {
    let mut access = Access::new();
    access.subscribe("ann", "premium", 12, 3_600).unwrap();
    assert_eq!((access.earned(), access.held()), (300, 3_600));
    access.wait(MONTH - 1);
    assert_eq!(
        access.run("any", &[], ExecuteMsg::Crank { limit: 9 }).unwrap_err(),
        ContractError::NothingDue {}
    );
    access.wait(1);
    access.run("any", &[], ExecuteMsg::Crank { limit: 9 }).unwrap();
    assert_eq!(access.earned(), 600);
    // nobody cranked for a while: the refund counts what has begun all the same
    access.wait(MONTH + 1);
    let refund = access.cancel("ann", "premium").unwrap();
    assert_eq!((sum_of(&refund), access.earned(), access.held()), (2_700, 900, 900));
    assert_eq!(access.cancel("ann", "premium").unwrap_err(), ContractError::NothingToRefund {});
    access.key("ann", "premium", 1, 1_000).unwrap();
    access.consume(1, 1, 1).unwrap();
    access.wait(MONTH - 1);
    assert!(matches!(access.consume(1, 2, 1), Err(ContractError::NotSubscribed { .. })));
}

#[test]
fn more_periods_begin_where_the_last_ends() {
    let mut access = Access::new();
    access.subscribe("ann", "premium", 1, 300).unwrap();
    let first = access.subscription("ann", "premium").unwrap();
    access.wait(DAY);
    access.subscribe("ann", "premium", 2, 600).unwrap();
    let second = access.subscription("ann", "premium").unwrap();
    assert_eq!(second.paid_until.seconds(), first.paid_until.seconds() + 2 * MONTH);
    assert_eq!((second.started, second.prepaid.u128(), access.earned()), (first.started, 600, 300));
    access.wait(10 * MONTH);
    // begins anew, and what ran out meanwhile is earned
    access.subscribe("ann", "premium", 1, 300).unwrap();
    assert_eq!(access.earned(), 1_200);
    let third = access.subscription("ann", "premium").unwrap();
    assert_eq!(third.started.seconds(), access.now());
    assert_eq!(
        access.run("any", &[], ExecuteMsg::Crank { limit: 9 }).unwrap_err(),
        ContractError::NothingDue {}
    );
}

#[test]
fn a_new_price_holds_for_what_is_bought_after_the_old_has_run_out() {
    let mut access = Access::new();
    access.subscribe("ann", "premium", 2, 600).unwrap();
    let dearer = Plan { quota: 5_000, ..terms(Tier::Premium, 900) };
    access.run("owner", &[], ExecuteMsg::SetPlan { plan: "premium".into(), terms: dearer }).unwrap();
    assert!(matches!(access.subscribe("ann", "premium", 1, 900), Err(ContractError::TermsChanged { .. })));
    assert!(matches!(access.subscribe("bob", "premium", 1, 300), Err(ContractError::WrongPrice { .. })));
    access.key("ann", "premium", 1, 5_000).unwrap();
    assert_eq!(
        access.consume(1, 1, 1_001).unwrap_err(),
        ContractError::QuotaExceeded { units: 1_001, remaining: 1_000 }
    );
    assert_eq!(sum_of(&access.cancel("ann", "premium").unwrap()), 300);
    access.wait(MONTH);
    access.subscribe("ann", "premium", 1, 900).unwrap();
    access.consume(1, 1, 4_000).unwrap();
}

#[test]
fn a_quota_counts_over_all_keys_of_a_subscriber_and_anew_each_period() {
    let mut access = Access::new();
    access.subscribe("ann", "premium", 2, 600).unwrap();
    access.key("ann", "premium", 1, 700).unwrap();
    access.key("ann", "premium", 2, 700).unwrap();
    access.consume(1, 1, 700).unwrap();
    assert_eq!(access.access(2).remaining, 300);
    assert_eq!(
        access.consume(2, 1, 301).unwrap_err(),
        ContractError::QuotaExceeded { units: 301, remaining: 300 }
    );
    access.consume(2, 1, 300).unwrap();
    let none = access.access(2);
    assert!(!none.allowed && none.reason.is_some());
    access.wait(MONTH);
    assert_eq!(access.access(2).remaining, 700);
    access.consume(2, 2, 700).unwrap();
    let usage: UsageResponse = access.ask(QueryMsg::Usage { app: "acme".into(), day: access.now() / DAY });
    assert_eq!((usage.units, usage.reports), (700, 1));
}

#[test]
fn anyone_sends_what_is_earned_to_the_router_and_nowhere_else() {
    let mut access = Access::new();
    access.subscribe("ann", "enterprise", 1, 5_000).unwrap();
    let flush = ExecuteMsg::Flush { app: "acme".into(), asset: usdc() };
    let response = access.run("any", &[], flush.clone()).unwrap();
    let CosmosMsg::Wasm(WasmMsg::Execute { contract_addr, msg, funds }) = &response.messages[0].msg else {
        panic!("a call")
    };
    assert_eq!(*contract_addr, access.address("router").to_string());
    assert_eq!(String::from_utf8(msg.to_vec()).unwrap(), r#"{"pay_fee":{"app":"acme","job":null}}"#);
    assert_eq!((funds.clone(), access.held()), (coins(5_000, "uusdc"), 0));
    assert_eq!(access.run("any", &[], flush).unwrap_err(), ContractError::NothingEarned {});
}

#[test]
fn a_crank_books_a_few_at_a_time_oldest_first() {
    let mut access = Access::new();
    for number in 0..7 {
        access.subscribe(&format!("user{number}"), "premium", 3, 900).unwrap();
    }
    assert_eq!(access.earned(), 2_100);
    access.wait(MONTH);
    assert_eq!(
        access.run("any", &[], ExecuteMsg::Crank { limit: 0 }).unwrap_err(),
        ContractError::ZeroLimit {}
    );
    for expected in [3_000, 3_900, 4_200] {
        access.run("any", &[], ExecuteMsg::Crank { limit: 3 }).unwrap();
        assert_eq!(access.earned(), expected);
    }
    assert_eq!(
        access.run("any", &[], ExecuteMsg::Crank { limit: 3 }).unwrap_err(),
        ContractError::NothingDue {}
    );
    // two periods missed: one turn books both
    access.wait(5 * MONTH);
    access.run("any", &[], ExecuteMsg::Crank { limit: 50 }).unwrap();
    assert_eq!(access.earned(), 6_300);
}
