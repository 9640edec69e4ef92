//! Attacks: reports repeated, invented or reordered, use without payment, many free keys, keys and plans of others, an empty free pool, donations.

use cosmwasm_std::{Uint128, coins};
use iz_access::ContractError;
use iz_contract_types::access::*;

use crate::fixture::*;

#[test]
fn a_report_counts_once_and_in_order() {
    let mut access = Access::new();
    access.deposit("ann", 1_000);
    access.key("ann", "commons", 1, 1_000).unwrap();
    access.consume(1, 1, 10).unwrap();
    for sequence in [0, 1, 3, u64::MAX] {
        assert_eq!(
            access.consume(1, sequence, 10).unwrap_err(),
            ContractError::WrongSequence { sequence, last: 1 }
        );
    }
    assert_eq!((access.balance("ann"), access.earned()), (980, 20));
}

#[test]
fn nobody_but_the_apps_meter_reports() {
    let mut access = Access::new();
    access.deposit("ann", 1_000);
    access.key("ann", "commons", 1, 1_000).unwrap();
    let report = ExecuteMsg::Consume { hash: hash(1), sequence: 1, units: 1, receipt: hash(9) };
    for sender in ["ann", "owner", "admin"] {
        let refused = access.run(sender, &[], report.clone()).unwrap_err();
        assert!(matches!(refused, ContractError::Unauthorized { .. }));
    }
    // a meter of another app, which its owner may name, does not reach keys of this one
    let meter = Some(access.address("spy").to_string());
    access.run("rival", &[], ExecuteMsg::SetMeter { app: "rival".into(), meter }).unwrap();
    assert!(matches!(access.run("spy", &[], report.clone()), Err(ContractError::Unauthorized { .. })));
    access.run("owner", &[], ExecuteMsg::SetMeter { app: "acme".into(), meter: None }).unwrap();
    assert!(matches!(access.run("gate", &[], report), Err(ContractError::Unauthorized { .. })));
}

#[test]
fn a_meter_takes_no_more_than_the_limit_and_the_balance_that_the_owner_gave() {
    let mut access = Access::new();
    access.deposit("ann", 100);
    access.key("ann", "commons", 1, 30).unwrap();
    assert_eq!(
        access.consume(1, 1, 31).unwrap_err(),
        ContractError::QuotaExceeded { units: 31, remaining: 30 }
    );
    access.consume(1, 1, 30).unwrap();
    access.wait(MONTH);
    assert_eq!(
        access.consume(1, 2, 21).unwrap_err(),
        ContractError::BalanceTooSmall { balance: Uint128::new(40), wanted: Uint128::new(42) }
    );
    assert_eq!(access.access(1).remaining, 20);
}

#[test]
fn a_price_raised_after_a_key_was_made_does_not_reach_it() {
    let mut access = Access::new();
    access.deposit("ann", 1_000);
    access.key("ann", "commons", 1, 100).unwrap();
    let dear = terms(Tier::Commons, 1_000);
    access.run("owner", &[], ExecuteMsg::SetPlan { plan: "commons".into(), terms: dear }).unwrap();
    access.consume(1, 1, 10).unwrap();
    assert_eq!(access.balance("ann"), 980);
}

#[test]
fn a_revoked_or_expired_key_is_of_no_use() {
    let mut access = Access::new();
    access.deposit("ann", 1_000);
    access.key("ann", "commons", 1, 100).unwrap();
    let at = access.env.block.time.plus_seconds(10);
    let passing =
        ExecuteMsg::CreateKey { hash: hash(2), plan: "commons".into(), limit: 5, expires: Some(at) };
    access.run("ann", &[], passing).unwrap();
    let revoke = |number: u64| ExecuteMsg::RevokeKey { hash: hash(number) };
    assert!(matches!(access.run("eve", &[], revoke(1)), Err(ContractError::Unauthorized { .. })));
    access.run("ann", &[], revoke(1)).unwrap();
    assert_eq!(access.run("ann", &[], revoke(1)).unwrap_err(), ContractError::KeyRevoked {});
    assert_eq!(access.consume(1, 1, 1).unwrap_err(), ContractError::KeyRevoked {});
    access.consume(2, 1, 1).unwrap();
    access.wait(10);
    assert_eq!(access.consume(2, 2, 1).unwrap_err(), ContractError::KeyExpired { at });
    assert!(!access.access(2).allowed);
}

#[test]
fn every_free_key_locks_a_bond_for_a_while_after_its_use() {
    let mut access = Access::new();
    let create = |number: u64| ExecuteMsg::CreateKey {
        hash: hash(number),
        plan: "free".into(),
        limit: 10,
        expires: None,
    };
    for funds in [vec![], coins(49, "uiz"), coins(51, "uiz"), coins(50, "uusdc")] {
        assert!(matches!(access.run("ann", &funds, create(1)), Err(ContractError::BondMissing { .. })));
    }
    access.run("ann", &coins(50, "uiz"), create(1)).unwrap();
    assert_eq!(
        access.run("eve", &coins(50, "uiz"), create(1)).unwrap_err(),
        ContractError::KeyTaken {},
        "a hash that was seen cannot be taken over"
    );
    let release = ExecuteMsg::ReleaseBond { hash: hash(1) };
    assert_eq!(access.run("ann", &[], release.clone()).unwrap_err(), ContractError::NoBond {});
    access.run("ann", &[], ExecuteMsg::RevokeKey { hash: hash(1) }).unwrap();
    // a longer cooldown does not reach bonds that are locked already
    let longer = FreeBond { denom: "uiz".into(), amount: Uint128::new(50), cooldown_seconds: u64::MAX };
    access.run("admin", &[], ExecuteMsg::SetFreeBond { free_bond: longer }).unwrap();
    access.wait(7 * DAY - 1);
    assert!(matches!(access.run("ann", &[], release.clone()), Err(ContractError::BondLocked { .. })));
    access.wait(1);
    assert!(matches!(access.run("eve", &[], release.clone()), Err(ContractError::Unauthorized { .. })));
    assert_eq!(sum_of(&access.run("ann", &[], release.clone()).unwrap()), 50);
    assert_eq!(access.run("ann", &[], release).unwrap_err(), ContractError::NoBond {});
}

#[test]
fn free_use_is_paid_by_its_pool_and_ends_with_it() {
    let mut access = Access::new();
    access.key("ann", "free", 1, 100).unwrap();
    assert_eq!(
        access.consume(1, 1, 1).unwrap_err(),
        ContractError::FreePoolEmpty { app: "acme".into(), pool: Uint128::zero(), wanted: Uint128::one() }
    );
    access.donate(30);
    assert_eq!(access.access(1).remaining, 30);
    access.consume(1, 1, 25).unwrap();
    assert_eq!((access.pool(), access.earned(), access.held()), (5, 25, 30));
    assert!(matches!(access.consume(1, 2, 6), Err(ContractError::FreePoolEmpty { .. })));
    // another app's free pool pays nothing here
    let other = ExecuteMsg::Donate { app: "rival".into() };
    access.run("donor", &coins(1_000, "uusdc"), other).unwrap();
    assert!(matches!(access.consume(1, 2, 6), Err(ContractError::FreePoolEmpty { .. })));
}

#[test]
fn plans_of_an_app_are_its_owners_and_names_are_not_taken_over() {
    let mut access = Access::new();
    let set = |plan: &str, terms: Plan| ExecuteMsg::SetPlan { plan: plan.into(), terms };
    let foreign = set("premium", terms(Tier::Premium, 1));
    assert!(matches!(access.run("rival", &[], foreign), Err(ContractError::Unauthorized { .. })));
    let own = Plan { app: "rival".into(), ..terms(Tier::Premium, 1) };
    assert_eq!(
        access.run("rival", &[], set("premium", own)).unwrap_err(),
        ContractError::PlanTaken { plan: "premium".into(), app: "acme".into() }
    );
    let retire = ExecuteMsg::RetirePlan { plan: "premium".into() };
    assert!(matches!(access.run("rival", &[], retire.clone()), Err(ContractError::Unauthorized { .. })));
    access.subscribe("ann", "premium", 2, 600).unwrap();
    access.run("owner", &[], retire).unwrap();
    assert_eq!(
        access.subscribe("bob", "premium", 1, 300).unwrap_err(),
        ContractError::PlanRetired { plan: "premium".into() }
    );
    assert_eq!(sum_of(&access.cancel("ann", "premium").unwrap()), 300, "what was bought stays");
}

#[test]
fn a_direct_donation_credits_nobody() {
    let mut access = Access::new();
    let contract = access.env.contract.address.clone();
    access.deps.querier.bank.update_balance(contract, coins(1_000_000, "uusdc"));
    assert_eq!((access.held(), access.earned(), access.pool()), (0, 0, 0));
    let withdraw = ExecuteMsg::Withdraw { asset: usdc(), amount: Uint128::one() };
    assert!(matches!(access.run("ann", &[], withdraw), Err(ContractError::BalanceTooSmall { .. })));
}
