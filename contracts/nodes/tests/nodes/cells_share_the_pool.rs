//! Weight, cells, uptime, efficiency, the boost, merit.

use iz_contract_types::nodes::*;
use iz_nodes::error::ContractError;
use iz_nodes::power::four_fifths;
use iz_nodes::state::DAY;

use crate::fixture::{BOND, Chain};

fn observe(chain: &mut Chain, node: &str, cell: &str) {
    for observer in ["observer", "observer2"] {
        let operator = chain.who(node).to_string();
        chain.ok(observer, ExecuteMsg::ObserveCell { operator, cell: cell.into() });
    }
}

#[test]
fn a_cell_with_twice_the_weight_earns_less_than_twice() {
    let mut chain = Chain::new();
    for name in ["alice", "bob", "carol"] {
        chain.worker(name, BOND);
    }
    observe(&mut chain, "alice", "north");
    observe(&mut chain, "bob", "south");
    observe(&mut chain, "carol", "south");
    chain.wait(DAY);
    for name in ["alice", "bob", "carol"] {
        chain.work(name, 50_000);
    }
    let epoch = chain.epoch();
    let pool = 30_000;
    let (one, two) =
        (four_fifths(10_000_u128.into()).unwrap().u128(), four_fifths(20_000_u128.into()).unwrap().u128());
    let alone = (pool * one / (one + two)).min(10_000);
    let shared = pool * two / (one + two) / 2;
    assert_eq!(chain.weight("alice", Some(epoch)).reward.u128(), alone);
    assert_eq!(chain.weight("bob", Some(epoch)).reward.u128(), shared);
    assert!(shared < 10_000 && alone == 10_000, "what it put in is the most that comes back");
    let cell: CellResponse = chain.ask(&QueryMsg::Cell { cell: "south".into(), epoch: None }).unwrap();
    assert_eq!((cell.weight.u128(), cell.power.u128()), (20_000, two));
}

#[test]
fn uptime_counts_squared_and_an_auditor_can_strike_a_window() {
    let mut chain = Chain::new();
    chain.worker("alice", BOND);
    chain.worker("bob", BOND);
    chain.worker("carol", BOND);
    chain.wait(2 * DAY);
    // bob is there half of the day, carol not at all
    for window in 0..24 {
        chain.ok("alice", ExecuteMsg::Heartbeat {});
        if window % 2 == 0 {
            chain.ok("bob", ExecuteMsg::Heartbeat {});
        }
        if window == 0 {
            let operator = chain.who("alice").to_string();
            let probe = ExecuteMsg::Probe { operator };
            assert_eq!(chain.fails("bob", probe.clone()), ContractError::MissingRole { role: Role::Auditor });
            chain.ok("auditor", probe);
        }
        chain.wait(DAY / 24);
    }
    for name in ["alice", "bob", "carol"] {
        chain.work(name, 50_000);
    }
    assert_eq!(chain.node("alice").uptime, 9_583);
    assert_eq!(chain.weight("alice", None).weight.u128(), 10_000 * 9_583 * 9_583 / 100_000_000);
    assert_eq!(chain.weight("bob", None).weight.u128(), 2_500);
    assert_eq!(chain.weight("carol", None).weight.u128(), 0);
}

#[test]
fn efficiency_is_measured_and_bounded_and_ends() {
    let mut chain = Chain::new();
    chain.worker("alice", BOND);
    let operator = chain.who("alice").to_string();
    let attest = |efficiency, until_epoch| ExecuteMsg::AttestEfficiency {
        operator: operator.clone(),
        efficiency,
        until_epoch,
    };
    assert!(matches!(chain.fails("auditor", attest(12_001, 1)), ContractError::OutOfRange { .. }));
    assert!(matches!(chain.fails("auditor", attest(7_999, 1)), ContractError::OutOfRange { .. }));
    assert!(matches!(chain.fails("auditor", attest(12_000, 0)), ContractError::OutOfRange { .. }));
    assert!(matches!(chain.fails("alice", attest(12_000, 1)), ContractError::MissingRole { .. }));
    chain.work("alice", 50_000);
    chain.ok("auditor", attest(12_000, 1));
    assert_eq!(chain.weight("alice", None).weight.u128(), 12_000);
    chain.wait(DAY);
    chain.work("alice", 50_000);
    assert_eq!(chain.weight("alice", None).weight.u128(), 10_000);
}

#[test]
fn a_bond_carries_only_so_many_units() {
    let mut chain = Chain::new();
    chain.worker("alice", BOND);
    chain.work("alice", 10 * BOND);
    assert_eq!(chain.weight("alice", None).units.u128(), 2 * BOND);
    assert_eq!(chain.weight("alice", None).weight.u128(), BOND);
    chain.pay("alice", ExecuteMsg::Bond {}, BOND / 2);
    assert_eq!(chain.weight("alice", None).weight.u128(), BOND * 3 / 2);
    chain.ok("alice", ExecuteMsg::Unbond { amount: (BOND / 2).into() });
    assert_eq!(chain.weight("alice", None).weight.u128(), BOND);
}

#[test]
fn a_new_node_has_a_tenth_at_once_and_the_rest_with_a_bonus_at_day_45() {
    let mut chain = Chain::new();
    chain.pay("payer", ExecuteMsg::FundBonus {}, 1_000);
    chain.worker("alice", BOND);
    chain.work("alice", 50_000);
    let claim = chain.claim("alice", &[0]);
    assert_eq!(chain.fails("bob", claim.clone()), ContractError::EpochOpen { epoch: 0 });
    chain.wait(DAY);
    let before = chain.balance("alice");
    chain.ok("bob", claim.clone());
    assert_eq!(chain.balance("alice") - before, 1_000);
    assert_eq!(chain.node("alice").escrow.u128(), 9_000);
    assert_eq!(chain.node("alice").merit.u128(), 0, "a new node's rewards make no merit");
    assert_eq!(chain.fails("bob", claim), ContractError::NothingInEpoch { epoch: 0 });
    let release = ExecuteMsg::ReleaseEscrow { operator: chain.who("alice").into() };
    chain.wait(43 * DAY);
    assert!(matches!(chain.fails("bob", release.clone()), ContractError::TooEarly { .. }));
    chain.wait(DAY);
    chain.ok("bob", release.clone());
    // a fifth of 9,000 is more than the fund has
    assert_eq!(chain.balance("alice") - before, 1_000 + 9_000 + 1_000);
    assert_eq!(chain.fails("bob", release), ContractError::NothingDue);
    let day = chain.epoch();
    chain.day_of_beats(&["alice"]);
    chain.work("alice", 50_000);
    chain.wait(DAY);
    let claim = chain.claim("alice", &[day + 1]);
    let before = chain.balance("alice");
    chain.ok("bob", claim);
    assert_eq!(chain.balance("alice") - before, 10_000);
    assert_eq!(chain.node("alice").merit.u128(), 5_000);
    // no merit contract is set: what is owed waits
    let credit = ExecuteMsg::CreditMerit { operator: chain.who("alice").into() };
    assert_eq!(chain.fails("bob", credit), ContractError::NothingDue);
    assert_eq!(chain.node("alice").merit.u128(), 5_000);
}

#[test]
fn what_nobody_claims_and_what_nobody_earned_go_on() {
    let mut chain = Chain::new();
    chain.pay("payer", ExecuteMsg::Fund {}, 500);
    chain.wait(DAY);
    chain.worker("alice", BOND);
    chain.work("alice", 5_000);
    let sweep = |epoch| ExecuteMsg::SweepEpoch { epoch };
    chain.ok("bob", sweep(0));
    assert_eq!(chain.fails("bob", sweep(0)), ContractError::EpochSwept { epoch: 0 });
    let entry: EpochResponse = chain.ask(&QueryMsg::Epoch { epoch: None }).unwrap();
    assert_eq!((entry.epoch, entry.pool.u128()), (1, 1_500));
    assert_eq!(chain.fails("bob", sweep(1)), ContractError::EpochOpen { epoch: 1 });
    chain.wait(29 * DAY);
    assert_eq!(chain.fails("bob", sweep(1)), ContractError::EpochOpen { epoch: 1 });
    chain.wait(DAY);
    chain.ok("bob", sweep(1));
    let claim = chain.claim("alice", &[1]);
    assert_eq!(chain.fails("alice", claim), ContractError::EpochSwept { epoch: 1 });
    let many = chain.claim("alice", &[0; 17]);
    assert_eq!(chain.fails("alice", many), ContractError::EpochCount { count: 17, maximum: 16 });
}

#[test]
fn work_of_rounds_counts_when_the_rounds_contract_says_so() {
    let mut chain = Chain::new();
    chain.worker("alice", BOND);
    let work = |chain: &Chain, name: &str| ExecuteMsg::RoundWork {
        operator: chain.who(name).into(),
        units: 700_u128.into(),
    };
    let message = work(&chain, "alice");
    assert_eq!(chain.fails("alice", message.clone()), ContractError::MissingRole { role: Role::Reporter });
    chain.ok("slasher", message);
    assert_eq!(chain.weight("alice", None).weight.u128(), 700);
    // who is no node is passed over
    let stranger = work(&chain, "bob");
    chain.ok("slasher", stranger);
}
