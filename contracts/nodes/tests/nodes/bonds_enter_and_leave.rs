//! Registration, keys, bonds, unbonding.

use cosmwasm_std::{HexBinary, Uint128, coins};
use iz_contract_kit::keys::KeysError;
use iz_contract_types::nodes::*;
use iz_contract_types::payment::PaymentError;
use iz_nodes::error::ContractError;
use iz_nodes::state::{DAY, UNBONDING};
use iz_rounds_machine::keys::KeyError;

use crate::fixture::{BOND, Chain, DENOM};

#[test]
fn a_node_enters_with_a_bond_and_keys_it_possesses() {
    let mut chain = Chain::new();
    let keys = chain.keys_for("alice", "alice");
    let register = ExecuteMsg::Register { keys: keys.clone() };
    assert_eq!(chain.fails("alice", register.clone()), ContractError::Payment(PaymentError::Nothing));
    assert_eq!(
        chain.send("alice", register.clone(), &coins(BOND, "other")).unwrap_err(),
        ContractError::WrongAsset { found: "native:other".into() }
    );
    assert_eq!(
        chain.send("alice", register.clone(), &coins(BOND - 1, DENOM)).unwrap_err(),
        ContractError::BondTooLow { bond: (BOND - 1).into(), minimum: BOND.into() }
    );
    let two = [coins(BOND, DENOM), coins(BOND, "other")].concat();
    assert_eq!(
        chain.send("alice", register.clone(), &two).unwrap_err(),
        ContractError::Payment(PaymentError::Several { count: 2 })
    );
    chain.pay("alice", register.clone(), BOND);
    let node = chain.node("alice");
    assert_eq!((node.status, node.bond.u128()), (Status::Active, BOND));
    assert_eq!(node.keys.sealing_key, keys.sealing_key);
    assert_eq!(
        chain.send("alice", register, &coins(BOND, DENOM)).unwrap_err(),
        ContractError::AlreadyRegistered { operator: chain.who("alice").into() }
    );
}

#[test]
fn keys_of_others_and_keys_without_proof_are_refused() {
    let mut chain = Chain::new();
    // alice's keys with alice's proofs, sent by bob
    let keys = chain.keys_for("alice", "alice");
    let refuse = |chain: &mut Chain, keys: &_| {
        chain.send("bob", ExecuteMsg::Register { keys: Clone::clone(keys) }, &coins(BOND, DENOM)).unwrap_err()
    };
    assert_eq!(
        refuse(&mut chain, &keys),
        ContractError::Keys(KeysError::BadSignature { name: "the signature key" })
    );
    let mut wrong = chain.keys_for("bob", "bob");
    wrong.sealing_proof = wrong.signature_proof.clone();
    assert_eq!(
        refuse(&mut chain, &wrong),
        ContractError::Keys(KeysError::BadSignature { name: "the sealing key" })
    );
    let mut wrong = chain.keys_for("bob", "bob");
    wrong.sealing_key = keys.sealing_key.clone();
    assert_eq!(refuse(&mut chain, &wrong), ContractError::Keys(KeyError::NotTwins.into()));
    let mut wrong = chain.keys_for("bob", "bob");
    wrong.sealing_key = HexBinary::from([0; 32]);
    assert_eq!(refuse(&mut chain, &wrong), ContractError::Keys(KeyError::SmallOrder.into()));
    let mut wrong = chain.keys_for("bob", "bob");
    wrong.signature_key = HexBinary::from([1; 31]);
    assert_eq!(
        refuse(&mut chain, &wrong),
        ContractError::Keys(KeysError::WrongLength { name: "the signature key", length: 31, expected: 32 })
    );
    let mut wrong = chain.keys_for("bob", "bob");
    wrong.signature_proof = HexBinary::from([1; 3]);
    assert_eq!(
        refuse(&mut chain, &wrong),
        ContractError::Keys(KeysError::BadSignature { name: "the signature key" })
    );
    chain.register("bob", BOND);
    let renewed = ExecuteMsg::UpdateKeys { keys: chain.keys_for("carol", "bob") };
    chain.ok("bob", renewed.clone());
    assert_eq!(
        chain.fails("alice", renewed),
        ContractError::UnknownNode { operator: chain.who("alice").into() }
    );
}

#[test]
fn bond_leaves_over_fourteen_days() {
    let mut chain = Chain::new();
    chain.register("alice", 3 * BOND);
    chain.pay("alice", ExecuteMsg::Bond {}, BOND);
    let unbond = |amount: u128| ExecuteMsg::Unbond { amount: amount.into() };
    assert_eq!(
        chain.fails("alice", unbond(3 * BOND + 1)),
        ContractError::BondTooLow { bond: (BOND - 1).into(), minimum: BOND.into() }
    );
    assert!(matches!(chain.fails("alice", unbond(5 * BOND)), ContractError::Overflow(_)));
    assert_eq!(chain.fails("alice", unbond(0)), ContractError::NothingDue);
    chain.ok("alice", unbond(BOND));
    chain.wait(DAY);
    chain.ok("alice", unbond(BOND));
    assert_eq!(chain.fails("alice", ExecuteMsg::Withdraw {}), ContractError::NothingDue);
    chain.wait(UNBONDING - DAY);
    let before = chain.balance("alice");
    chain.ok("alice", ExecuteMsg::Withdraw {});
    assert_eq!(chain.balance("alice") - before, BOND);
    chain.wait(DAY);
    chain.ok("alice", ExecuteMsg::Withdraw {});
    assert_eq!(chain.balance("alice") - before, 2 * BOND);
    for _ in 0..8 {
        chain.pay("alice", ExecuteMsg::Bond {}, 1);
        chain.ok("alice", unbond(1));
    }
    assert_eq!(chain.fails("alice", unbond(2 * BOND)), ContractError::TooManyUnbonding { maximum: 8 });
}

#[test]
fn who_takes_all_leaves_and_can_come_back_as_new() {
    let mut chain = Chain::new();
    chain.worker("alice", BOND);
    chain.worker("bob", BOND);
    chain.ok("alice", ExecuteMsg::Unbond { amount: BOND.into() });
    let node = chain.node("alice");
    assert_eq!((node.status, node.class), (Status::Exited, None));
    // the last of the class took the empty place, and can still be drawn
    let order = chain.order(None);
    chain.pay("payer", order, 1_000);
    assert_eq!(
        chain.fails("alice", ExecuteMsg::Heartbeat {}),
        ContractError::NotActive { status: Status::Exited }
    );
    chain.wait(DAY);
    chain.register("alice", BOND);
    let node = chain.node("alice");
    assert_eq!(node.status, Status::Active);
    assert_eq!(node.registered, chain.now());
    assert_eq!(node.unbonding.iter().map(|part| part.amount).sum::<Uint128>().u128(), BOND);
}
