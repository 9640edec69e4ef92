//! Benchmarks, jobs and receipts.

use cosmwasm_std::{HexBinary, coins};
use iz_contract_kit::keys::KeysError;
use iz_contract_types::nodes::*;
use iz_nodes::error::ContractError;
use iz_nodes::keys::benchmark_body;
use iz_nodes::state::{DAY, DISPUTE};

use crate::fixture::{BOND, Chain, DENOM, small_class};

#[test]
fn a_benchmark_is_signed_fresh_and_picks_the_largest_class() {
    let mut chain = Chain::new();
    let large = Class { name: "large".into(), tokens: 1_000, ..small_class() };
    chain.ok("admin", ExecuteMsg::SetClass { class: large });
    chain.register("alice", BOND);
    let report = |chain: &Chain, tokens, at| {
        let report = BenchmarkReport { compute: 10, memory: 10, bandwidth: 10, tokens, energy: Some(1), at };
        let signature = chain.signed("alice", "alice", "benchmark", &benchmark_body(&report));
        ExecuteMsg::Benchmark { report, signature }
    };
    let now = chain.now();
    let message = report(&chain, 10, now);
    chain.ok("alice", message.clone());
    assert_eq!(chain.node("alice").class.unwrap(), "small");
    assert!(matches!(chain.fails("alice", message), ContractError::StaleReport { .. }), "replayed");
    let future = report(&chain, 10, now + 1);
    assert!(matches!(chain.fails("alice", future), ContractError::StaleReport { .. }));
    chain.wait(DAY);
    let old = report(&chain, 10, now + 1);
    chain.wait(10);
    assert!(matches!(chain.fails("alice", old), ContractError::StaleReport { .. }));
    let weak = report(&chain, 9, chain.now());
    assert_eq!(chain.fails("alice", weak), ContractError::NoClass);
    let ExecuteMsg::Benchmark { mut report, signature } = report(&chain, 1_000, chain.now()) else {
        panic!()
    };
    chain.ok("alice", ExecuteMsg::Benchmark { report: report.clone(), signature: signature.clone() });
    assert_eq!(chain.node("alice").class.unwrap(), "large");
    chain.wait(1);
    report.at += 1;
    assert_eq!(
        chain.fails("alice", ExecuteMsg::Benchmark { report, signature }),
        ContractError::Keys(KeysError::BadSignature { name: "benchmark" })
    );
    let order = chain.order(Some("alice"));
    assert_eq!(
        chain.send("payer", order, &coins(1, DENOM)).unwrap_err(),
        ContractError::OtherClass { class: "small".into() }
    );
}

#[test]
fn an_accepted_job_pays_the_node_the_pool_and_the_insurance() {
    let mut chain = Chain::new();
    chain.worker("alice", BOND);
    let before = chain.balance("alice");
    chain.work("alice", 10_001);
    // a fifth to the pool, a hundredth to the insurance, both rounded down
    assert_eq!(chain.balance("alice") - before, 10_001 - 2_000 - 100);
    let ledger = chain.ledger();
    assert_eq!((ledger.rewards.u128(), ledger.insurance.u128(), ledger.jobs.u128()), (2_000, 100, 0));
    assert_eq!(chain.weight("alice", None).units.u128(), 2_000);
}

#[test]
fn a_job_needs_a_fitting_node_and_a_time_and_a_payer_of_its_own() {
    let mut chain = Chain::new();
    chain.worker("alice", BOND);
    let refuse = |chain: &mut Chain, sender: &str, change: fn(&mut ExecuteMsg)| {
        let mut order = chain.order(Some("alice"));
        change(&mut order);
        chain.send(sender, order, &coins(100, DENOM)).unwrap_err()
    };
    assert_eq!(refuse(&mut chain, "alice", |_| {}), ContractError::OwnNode);
    let late = refuse(&mut chain, "payer", |order| {
        if let ExecuteMsg::OpenJob { deadline, .. } = order {
            *deadline = 0;
        }
    });
    assert!(matches!(late, ContractError::OutOfRange { what: "the deadline", .. }));
    let unknown = refuse(&mut chain, "payer", |order| {
        if let ExecuteMsg::OpenJob { class, .. } = order {
            *class = "huge".into();
        }
    });
    assert_eq!(unknown, ContractError::UnknownClass { class: "huge".into() });
    let short = refuse(&mut chain, "payer", |order| {
        if let ExecuteMsg::OpenJob { specification, .. } = order {
            *specification = HexBinary::from([1; 5]);
        }
    });
    assert!(matches!(short, ContractError::Keys(KeysError::WrongLength { .. })));
    // alone in its class, the payer's own node is not drawn either
    let order = chain.order(None);
    assert_eq!(
        chain.send("alice", order, &coins(100, DENOM)).unwrap_err(),
        ContractError::NoNode { class: "small".into() }
    );
}

#[test]
fn a_receipt_is_for_one_job_by_its_node_in_time() {
    let mut chain = Chain::new();
    chain.worker("alice", BOND);
    chain.worker("bob", BOND);
    let job = chain.open("payer", "alice", 100);
    let other = chain.open("payer", "alice", 100);
    let stranger = chain.receipt("bob", "bob", job);
    assert_eq!(chain.fails("bob", stranger), ContractError::NotParty { who: "operator" });
    let forged = chain.receipt("bob", "alice", job);
    assert_eq!(
        chain.fails("alice", forged),
        ContractError::Keys(KeysError::BadSignature { name: "receipt" })
    );
    let receipt = chain.receipt("alice", "alice", job);
    chain.ok("alice", receipt.clone());
    assert_eq!(chain.fails("alice", receipt), ContractError::WrongStatus { status: JobStatus::Delivered });
    chain.wait(1_000);
    let late = chain.receipt("alice", "alice", other);
    assert!(matches!(chain.fails("alice", late), ContractError::TooLate { .. }));
    let unknown = chain.receipt("alice", "alice", 99);
    assert_eq!(chain.fails("alice", unknown), ContractError::UnknownJob { job: 99 });
}

#[test]
fn time_settles_what_nobody_answers() {
    let mut chain = Chain::new();
    chain.worker("alice", BOND);
    let silent = chain.open("payer", "alice", 1_000);
    let done = chain.open("payer", "alice", 1_000);
    let disputed = chain.open("payer", "alice", 1_000);
    for job in [done, disputed] {
        let receipt = chain.receipt("alice", "alice", job);
        chain.ok("alice", receipt);
    }
    assert_eq!(
        chain.fails("alice", ExecuteMsg::Accept { job: done }),
        ContractError::NotParty { who: "payer" }
    );
    assert_eq!(
        chain.fails("alice", ExecuteMsg::Dispute { job: done }),
        ContractError::NotParty { who: "payer" }
    );
    chain.ok("payer", ExecuteMsg::Dispute { job: disputed });
    for job in [silent, done, disputed] {
        assert!(matches!(chain.fails("bob", ExecuteMsg::Settle { job }), ContractError::TooEarly { .. }));
    }
    chain.wait(3_600);
    assert!(matches!(chain.fails("payer", ExecuteMsg::Dispute { job: done }), ContractError::TooLate { .. }));
    let before = (chain.balance("alice"), chain.balance("payer"));
    chain.ok("bob", ExecuteMsg::Settle { job: silent });
    chain.ok("bob", ExecuteMsg::Settle { job: done });
    assert_eq!(chain.balance("alice") - before.0, 790);
    assert_eq!(chain.balance("payer") - before.1, 1_000);
    chain.wait(DISPUTE);
    chain.ok("bob", ExecuteMsg::Settle { job: disputed });
    assert_eq!(chain.balance("payer") - before.1, 2_000);
    assert_eq!(
        chain.fails("bob", ExecuteMsg::Settle { job: disputed }),
        ContractError::WrongStatus { status: JobStatus::Refunded }
    );
    assert_eq!(chain.weight("alice", Some(0)).units.u128(), 200, "only the accepted job counts");
}

#[test]
fn an_assessor_decides_a_dispute_but_not_its_own() {
    let mut chain = Chain::new();
    chain.worker("alice", BOND);
    for delivered in [true, false] {
        let job = chain.open("payer", "alice", 1_000);
        let resolve = ExecuteMsg::Resolve { job, delivered };
        assert_eq!(
            chain.fails("assessor", resolve.clone()),
            ContractError::WrongStatus { status: JobStatus::Assigned }
        );
        let receipt = chain.receipt("alice", "alice", job);
        chain.ok("alice", receipt);
        chain.ok("payer", ExecuteMsg::Dispute { job });
        assert_eq!(
            chain.fails("payer", resolve.clone()),
            ContractError::MissingRole { role: Role::Assessor }
        );
        chain.ok("assessor", resolve);
        let status = chain.ask::<JobResponse>(&QueryMsg::Job { id: job }).unwrap().status;
        assert_eq!(status, if delivered { JobStatus::Accepted } else { JobStatus::Refunded });
    }
    let job = chain.open("assessor", "alice", 1_000);
    let receipt = chain.receipt("alice", "alice", job);
    chain.ok("alice", receipt);
    chain.ok("assessor", ExecuteMsg::Dispute { job });
    assert_eq!(
        chain.fails("assessor", ExecuteMsg::Resolve { job, delivered: false }),
        ContractError::OwnCase
    );
    // a payer may give in
    chain.ok("assessor", ExecuteMsg::Accept { job });
}
