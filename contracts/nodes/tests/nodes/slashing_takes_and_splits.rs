//! Faults and fraud.

use cosmwasm_std::Uint128;
use iz_contract_types::nodes::*;
use iz_nodes::error::ContractError;
use iz_nodes::state::DAY;

use crate::fixture::{BOND, Chain};

fn slash(chain: &Chain, operator: &str, kind: SlashKind, reporter: Option<&str>) -> ExecuteMsg {
    ExecuteMsg::Slash {
        operator: chain.who(operator).into(),
        kind,
        reason: "test".into(),
        reporter: reporter.map(|name| chain.who(name).into()),
    }
}

#[test]
fn a_fault_costs_three_and_a_half_days_reward_a_day() {
    let mut chain = Chain::new();
    chain.worker("alice", BOND);
    chain.work("alice", 50_000);
    chain.wait(DAY);
    // the reward of yesterday is 10,000, claimed or not
    let message = slash(&chain, "alice", SlashKind::Fault { days: 2 }, Some("bob"));
    assert_eq!(chain.fails("bob", message.clone()), ContractError::MissingRole { role: Role::Slasher });
    let before = (chain.balance("treasury"), chain.balance("bob"), chain.ledger().insurance.u128());
    chain.ok("slasher", message);
    assert_eq!(chain.node("alice").bond.u128(), BOND - 70_000);
    assert_eq!(chain.balance("treasury") - before.0, 21_000);
    assert_eq!(chain.balance("bob") - before.1, 14_000);
    assert_eq!(chain.ledger().insurance.u128() - before.2, 35_000);
    let none = slash(&chain, "alice", SlashKind::Fault { days: 0 }, None);
    assert!(matches!(chain.fails("slasher", none), ContractError::OutOfRange { what: "days", .. }));
    let unknown = slash(&chain, "bob", SlashKind::Fraud, None);
    assert!(matches!(chain.fails("slasher", unknown), ContractError::UnknownNode { .. }));
}

#[test]
fn a_fault_of_one_who_earned_nothing_still_costs() {
    let mut chain = Chain::new();
    chain.worker("alice", BOND);
    let message = slash(&chain, "alice", SlashKind::Fault { days: 3 }, None);
    chain.ok("slasher", message);
    assert_eq!(chain.node("alice").bond.u128(), BOND - BOND * 3 / 1_000);
}

#[test]
fn fraud_takes_bond_what_unbonds_and_escrow_and_is_for_good() {
    let mut chain = Chain::new();
    chain.worker("alice", 3 * BOND);
    chain.work("alice", 50_000);
    chain.wait(DAY);
    let claim = chain.claim("alice", &[0]);
    chain.ok("alice", claim);
    chain.work("alice", 50_000);
    chain.ok("alice", ExecuteMsg::Unbond { amount: BOND.into() });
    let before = chain.ledger();
    let message = slash(&chain, "alice", SlashKind::Fraud, None);
    chain.ok("slasher", message);
    let node = chain.node("alice");
    assert_eq!((node.status, node.bond, node.unbonding.len()), (Status::Slashed, Uint128::zero(), 0));
    assert_eq!(node.escrow, Uint128::zero());
    let after = chain.ledger();
    assert_eq!(after.insurance - before.insurance, Uint128::new(3 * BOND * 7 / 10));
    assert_eq!(after.rewards - before.rewards, Uint128::new(9_000), "escrow goes back to the pool");
    assert_eq!(chain.weight("alice", None).weight, Uint128::zero());
    chain.wait(DAY);
    let claim = chain.claim("alice", &[1]);
    assert_eq!(chain.fails("alice", claim), ContractError::NotActive { status: Status::Slashed });
    let keys = chain.keys_for("alice", "alice");
    let again = chain.send("alice", ExecuteMsg::Register { keys }, &cosmwasm_std::coins(BOND, "uzero"));
    assert_eq!(again.unwrap_err(), ContractError::NotActive { status: Status::Slashed });
}

#[test]
fn who_has_left_is_slashed_while_its_bond_leaves() {
    let mut chain = Chain::new();
    chain.register("alice", BOND);
    chain.ok("alice", ExecuteMsg::Unbond { amount: BOND.into() });
    chain.wait(13 * DAY);
    let message = slash(&chain, "alice", SlashKind::Fraud, Some("bob"));
    chain.ok("slasher", message);
    chain.wait(2 * DAY);
    assert_eq!(chain.fails("alice", ExecuteMsg::Withdraw {}), ContractError::NothingDue);
}
