//! I1: claims never exceed the fund, nor the job's price, nor the cover.

use cosmwasm_std::Uint128;
use iz_contract_types::nodes::*;
use iz_nodes::error::ContractError;
use iz_nodes::state::DAY;

use crate::fixture::{BOND, Chain};

/// A job whose node never answers.
fn failed(chain: &mut Chain, payer: &str, node: &str, price: u128) -> u64 {
    let job = chain.open(payer, node, price);
    chain.wait(1_000);
    chain.ok("bob", ExecuteMsg::Settle { job });
    job
}

#[test]
fn a_claim_is_filed_decided_settled_and_paid_once() {
    let mut chain = Chain::new();
    chain.worker("alice", BOND);
    let job = failed(&mut chain, "payer", "alice", 80_000);
    let file = |loss: u128| ExecuteMsg::FileClaim { job, loss: loss.into() };
    let decide = |loss: u128| ExecuteMsg::DecideClaim { job, loss: loss.into() };
    assert_eq!(chain.fails("bob", file(1)), ContractError::NotParty { who: "payer" });
    assert_eq!(
        chain.fails("payer", file(50_001)),
        ContractError::LossTooHigh { loss: 50_001_u128.into(), most: 50_000_u128.into() }
    );
    assert_eq!(chain.fails("assessor", decide(1)), ContractError::UnknownClaim { job });
    chain.ok("payer", file(50_000));
    assert_eq!(chain.fails("payer", file(1)), ContractError::ClaimState);
    assert_eq!(chain.fails("payer", decide(1)), ContractError::MissingRole { role: Role::Assessor });
    assert!(matches!(chain.fails("assessor", decide(50_001)), ContractError::LossTooHigh { .. }));
    chain.ok("assessor", decide(30_000));
    assert_eq!(chain.fails("assessor", decide(1)), ContractError::ClaimState);
    // the node that failed pays first
    assert_eq!(chain.node("alice").bond.u128(), BOND - 30_000);
    let settle = ExecuteMsg::SettleInsurance { epoch: 0 };
    assert_eq!(chain.fails("bob", settle.clone()), ContractError::EpochOpen { epoch: 0 });
    assert_eq!(chain.fails("bob", ExecuteMsg::PayClaim { job }), ContractError::ClaimsOpen { epoch: 0 });
    chain.wait(DAY);
    chain.ok("bob", settle.clone());
    assert_eq!(chain.fails("bob", settle), ContractError::NothingInEpoch { epoch: 0 });
    let before = chain.balance("payer");
    chain.ok("bob", ExecuteMsg::PayClaim { job });
    assert_eq!(chain.balance("payer") - before, 30_000);
    assert_eq!(chain.fails("bob", ExecuteMsg::PayClaim { job }), ContractError::ClaimState);
    assert_eq!(chain.ledger().reserved, Uint128::zero());
}

#[test]
fn a_fund_that_is_short_pays_all_at_one_rate_and_older_epochs_first() {
    let mut chain = Chain::new();
    chain.worker("alice", BOND);
    let jobs: Vec<u64> = (0..4).map(|_| failed(&mut chain, "payer", "alice", 50_000)).collect();
    // the node has nothing left to pay with
    let fraud = ExecuteMsg::Slash {
        operator: chain.who("alice").into(),
        kind: SlashKind::Fraud,
        reason: "test".into(),
        reporter: None,
    };
    chain.ok("slasher", fraud);
    // spend down what the slash brought, by claims of the first epoch
    for (job, loss) in jobs.iter().zip([50_000_u128, 25_000, 50_000, 1]) {
        chain.ok("payer", ExecuteMsg::FileClaim { job: *job, loss: loss.into() });
    }
    for (job, loss) in jobs[..2].iter().zip([50_000_u128, 25_000]) {
        chain.ok("assessor", ExecuteMsg::DecideClaim { job: *job, loss: loss.into() });
    }
    chain.wait(DAY);
    chain.ok("assessor", ExecuteMsg::DecideClaim { job: jobs[2], loss: 50_000_u128.into() });
    chain.ok("assessor", ExecuteMsg::DecideClaim { job: jobs[3], loss: Uint128::zero() });
    assert_eq!(chain.fails("bob", ExecuteMsg::PayClaim { job: jobs[3] }), ContractError::ClaimState);
    chain.wait(DAY);
    assert_eq!(
        chain.fails("bob", ExecuteMsg::SettleInsurance { epoch: 1 }),
        ContractError::EarlierClaims { epoch: 0 }
    );
    chain.ok("bob", ExecuteMsg::SettleInsurance { epoch: 0 });
    chain.ok("bob", ExecuteMsg::SettleInsurance { epoch: 1 });
    let before = chain.balance("payer");
    for job in &jobs[..3] {
        chain.ok("bob", ExecuteMsg::PayClaim { job: *job });
    }
    assert_eq!(chain.balance("payer") - before, 125_000, "70% of the bond covers all three");
}

#[test]
fn claims_share_what_there_is() {
    let mut chain = Chain::new();
    chain.worker("alice", BOND);
    chain.pay("payer", ExecuteMsg::FundInsurance {}, 10_001);
    let first = failed(&mut chain, "payer", "alice", 50_000);
    let second = failed(&mut chain, "carol", "alice", 50_000);
    chain.ok("payer", ExecuteMsg::FileClaim { job: first, loss: 20_000_u128.into() });
    chain.ok("carol", ExecuteMsg::FileClaim { job: second, loss: 40_000_u128.into() });
    // the node leaves with its bond before anyone decides
    chain.ok("alice", ExecuteMsg::Unbond { amount: BOND.into() });
    chain.wait(14 * DAY);
    chain.ok("alice", ExecuteMsg::Withdraw {});
    let epoch = chain.epoch();
    for (job, loss) in [(first, 20_000_u128), (second, 40_000)] {
        chain.ok("assessor", ExecuteMsg::DecideClaim { job, loss: loss.into() });
    }
    chain.wait(DAY);
    chain.ok("bob", ExecuteMsg::SettleInsurance { epoch });
    let before = (chain.balance("payer"), chain.balance("carol"));
    chain.ok("bob", ExecuteMsg::PayClaim { job: first });
    chain.ok("bob", ExecuteMsg::PayClaim { job: second });
    assert_eq!(chain.balance("payer") - before.0, 3_333);
    assert_eq!(chain.balance("carol") - before.1, 6_667);
    assert_eq!(chain.ledger().reserved, Uint128::zero());
}

#[test]
fn a_job_that_was_done_or_a_late_word_gives_no_claim() {
    let mut chain = Chain::new();
    chain.worker("alice", BOND);
    chain.work("alice", 1_000);
    assert_eq!(
        chain.fails("payer", ExecuteMsg::FileClaim { job: 1, loss: Uint128::one() }),
        ContractError::NoGround
    );
    let job = failed(&mut chain, "payer", "alice", 1_000);
    chain.wait(3_600);
    assert!(matches!(
        chain.fails("payer", ExecuteMsg::FileClaim { job, loss: Uint128::one() }),
        ContractError::TooLate { .. }
    ));
}
