//! Attacks by name.

use cosmwasm_std::coins;
use iz_contract_kit::keys::KeysError;
use iz_contract_types::nodes::*;
use iz_nodes::error::ContractError;
use iz_nodes::state::DAY;

use crate::fixture::{BOND, Chain, DENOM, RICH};

/// N3: reporting one's own node, by oneself or by a friend, loses at least four fifths of what is slashed.
#[test]
fn attack_self_slash() {
    for reporter in ["alice", "bob"] {
        let mut chain = Chain::new();
        chain.register("alice", BOND);
        let slash = ExecuteMsg::Slash {
            operator: chain.who("alice").into(),
            kind: SlashKind::Fraud,
            reason: "test".into(),
            reporter: Some(chain.who(reporter).into()),
        };
        chain.ok("slasher", slash);
        let together = chain.balance("alice") + chain.balance("bob");
        let lost = 2 * RICH - together;
        assert!(lost >= BOND * 4 / 5, "{reporter} lost {lost}");
    }
}

/// N4: a node that leaves after its first days and comes back as new earns less than one that stays.
#[test]
fn attack_churning_new_nodes() {
    let earned = |churns: bool| {
        let mut chain = Chain::new();
        chain.pay("payer", ExecuteMsg::FundBonus {}, 10_000_000);
        chain.worker("alice", BOND);
        let mut wages = 0;
        for day in 0..60_u64 {
            chain.ok("alice", ExecuteMsg::Heartbeat {});
            chain.work("alice", 50_000);
            wages += 50_000 - 10_000 - 500;
            chain.wait(DAY);
            let claim = chain.claim("alice", &[day]);
            chain.ok("alice", claim);
            if churns && day % 14 == 13 {
                chain.ok("alice", ExecuteMsg::Unbond { amount: BOND.into() });
                chain.worker("alice", BOND);
            }
        }
        if !churns {
            chain.ok("bob", ExecuteMsg::ReleaseEscrow { operator: chain.who("alice").into() });
        }
        let node = chain.node("alice");
        let bonded: u128 =
            node.bond.u128() + node.unbonding.iter().map(|part| part.amount.u128()).sum::<u128>();
        (chain.balance("alice") + bonded - RICH - wages, node.merit.u128())
    };
    let (stays, merit) = earned(false);
    let (churns, churned_merit) = earned(true);
    assert!(churns * 5 < stays, "{churns} of {stays}");
    assert!(churned_merit == 0 && merit > 0);
}

/// A cell is what observers found; a node's own word, or one observer's, or one observer twice, moves nobody.
#[test]
fn attack_spoofed_cells() {
    let mut chain = Chain::new();
    for name in ["alice", "bob", "carol"] {
        chain.worker(name, BOND);
    }
    let observe = |operator: &str, cell: &str| ExecuteMsg::ObserveCell {
        operator: operator.to_string(),
        cell: cell.into(),
    };
    let alice = chain.who("alice").to_string();
    assert_eq!(
        chain.fails("alice", observe(&alice, "island")),
        ContractError::MissingRole { role: Role::Observer }
    );
    chain.ok("observer", observe(&alice, "island"));
    assert_eq!(chain.fails("observer", observe(&alice, "island")), ContractError::AlreadyObserved);
    chain.ok("observer2", observe(&alice, "valley"));
    chain.wait(DAY);
    assert_eq!(chain.node("alice").cell, "unobserved");
    // split in as many unobserved nodes as one likes: the cell is one
    for name in ["alice", "bob"] {
        chain.work(name, 25_000);
    }
    chain.work("carol", 50_000);
    let pool: EpochResponse = chain.ask(&QueryMsg::Epoch { epoch: None }).unwrap();
    let reward = |name: &str| chain.weight(name, None).reward.u128();
    assert!(reward("alice") + reward("bob") <= reward("carol"), "splitting in a cell gains nothing (N2)");
    assert_eq!(pool.pool.u128(), 20_000);
    // and agreement of enough observers does move it, from the next epoch on
    chain.wait(DAY);
    for observer in ["observer", "observer2"] {
        chain.ok(observer, observe(&alice, "island"));
    }
    assert_eq!(chain.node("alice").cell, "unobserved");
    chain.wait(DAY);
    assert_eq!(chain.node("alice").cell, "island");
}

/// Hiring one's own node through a friend: what comes back is at most what went into the pool, however much others put in.
#[test]
fn attack_self_dealing() {
    let mut chain = Chain::new();
    chain.register("bob", BOND);
    chain.worker("alice", BOND);
    chain.pay("payer", ExecuteMsg::Fund {}, 1_000_000);
    // measured as the most efficient there is
    let attest = ExecuteMsg::AttestEfficiency {
        operator: chain.who("alice").into(),
        efficiency: 12_000,
        until_epoch: 10,
    };
    chain.ok("auditor", attest);
    let together = |chain: &Chain| chain.balance("alice") + chain.balance("carol");
    let before = together(&chain);
    let job = chain.open("carol", "alice", 100_000);
    let receipt = chain.receipt("alice", "alice", job);
    chain.ok("alice", receipt);
    chain.ok("carol", ExecuteMsg::Accept { job });
    chain.wait(DAY);
    let claim = chain.claim("alice", &[0]);
    chain.ok("alice", claim);
    let escrow = chain.node("alice").escrow.u128();
    let after = together(&chain) + escrow;
    assert_eq!(before - after, 1_000, "the insurance's part is lost, nothing is won");
}

/// A receipt of one job for another, of one node by another, of one chain's contract for another, of a benchmark's signature.
#[test]
fn attack_replayed_receipts() {
    let mut chain = Chain::new();
    chain.worker("alice", BOND);
    chain.worker("bob", BOND);
    let first = chain.open("payer", "alice", 1_000);
    let second = chain.open("payer", "alice", 1_000);
    let of_bob = chain.open("payer", "bob", 1_000);
    let receipt = chain.receipt("alice", "alice", first);
    chain.ok("alice", receipt.clone());
    let ExecuteMsg::SubmitReceipt { usage, result, signature, .. } = receipt else { panic!() };
    let replay = |job| ExecuteMsg::SubmitReceipt {
        job,
        usage: usage.clone(),
        result: result.clone(),
        signature: signature.clone(),
    };
    assert_eq!(
        chain.fails("alice", replay(first)),
        ContractError::WrongStatus { status: JobStatus::Delivered }
    );
    assert_eq!(
        chain.fails("alice", replay(second)),
        ContractError::Keys(KeysError::BadSignature { name: "receipt" })
    );
    assert_eq!(
        chain.fails("bob", replay(of_bob)),
        ContractError::Keys(KeysError::BadSignature { name: "receipt" })
    );
    let mut more = usage.clone();
    more.compute += 1;
    let padded = ExecuteMsg::SubmitReceipt { job: second, usage: more, result, signature };
    assert_eq!(
        chain.fails("alice", padded),
        ContractError::Keys(KeysError::BadSignature { name: "receipt" })
    );
}

/// A payer and a node that fails on purpose: the claim is paid from the node's own bond.
#[test]
fn attack_failing_for_the_insurance() {
    let mut chain = Chain::new();
    chain.pay("payer", ExecuteMsg::FundInsurance {}, 1_000_000);
    chain.worker("alice", BOND);
    let job = chain.open("carol", "alice", 50_000);
    chain.wait(1_000);
    chain.ok("bob", ExecuteMsg::Settle { job });
    chain.ok("carol", ExecuteMsg::FileClaim { job, loss: 50_000_u128.into() });
    chain.ok("assessor", ExecuteMsg::DecideClaim { job, loss: 50_000_u128.into() });
    chain.wait(DAY);
    chain.ok("bob", ExecuteMsg::SettleInsurance { epoch: 0 });
    chain.ok("bob", ExecuteMsg::PayClaim { job });
    let together = chain.balance("alice") + chain.balance("carol") + chain.node("alice").bond.u128();
    assert_eq!(together, 2 * RICH, "what the payer won the node lost");
    assert_eq!(chain.ledger().insurance.u128(), 1_000_000);
}

/// Money sent straight to the contract is nobody's, and changes no share.
#[test]
fn attack_donation() {
    let mut chain = Chain::new();
    chain.worker("alice", BOND);
    chain.work("alice", 50_000);
    let reward = chain.weight("alice", None).reward;
    let (from, to) = (chain.who("bob"), chain.contract.clone());
    cw_multi_test::Executor::send_tokens(&mut chain.app, from, to, &coins(777, DENOM)).unwrap();
    chain.donated = 777;
    chain.audit();
    assert_eq!(chain.weight("alice", None).reward, reward);
}

/// A stranger's cw20 token, or anyone who calls `Receive` by hand, credits nothing.
#[test]
fn attack_fake_cw20() {
    let mut chain = Chain::new();
    let hook = cosmwasm_std::to_json_binary(&ReceiveMsg::FundBonus {}).unwrap();
    let message = ExecuteMsg::Receive(cw20::Cw20ReceiveMsg {
        sender: chain.who("alice").into(),
        amount: 1_000_000_u128.into(),
        msg: hook,
    });
    assert!(matches!(chain.fails("alice", message), ContractError::WrongAsset { .. }));
}
