//! Reporting: M of N, disagreement, correction, clamp and confirmation, and every kind of bad report.

#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use cosmwasm_std::{Addr, Decimal, coins};
use cw_multi_test::Executor;
use iz_contract_kit::reporters::ReportersError;
use iz_contract_types::index_oracle::{ExecuteMsg, InstantiateMsg, PrintsResponse, QueryMsg};
use iz_contract_types::payment::PaymentError;
use iz_index_oracle::error::ContractError;

const MAY: (u16, u8) = (2024, 5);

fn may() -> iz_contract_types::index_oracle::Period {
    period(MAY.0, MAY.1)
}

fn in_june() -> Chain {
    let mut chain = chain();
    chain.set_time(date(2024, 6, 12));
    chain
}

#[test]
fn the_third_equal_report_of_five_settles_the_print() {
    let mut chain = in_june();
    assert_eq!(chain.report(0, CPI, may(), "304").unwrap(), "waiting");
    assert_eq!(chain.report(4, CPI, may(), "304.0").unwrap(), "waiting");
    assert_eq!(chain.reports(CPI).reports.len(), 2);
    assert_eq!(chain.report(2, CPI, may(), "304").unwrap(), "printed");
    assert_eq!(chain.reports(CPI).period, period(2024, 6));
    assert!(chain.reports(CPI).reports.is_empty());
    let query = QueryMsg::Prints { series: CPI.into(), before: None, limit: Some(1) };
    let answer: PrintsResponse = chain.app.wrap().query_wasm_smart(&chain.oracle, &query).unwrap();
    assert_eq!(answer.prints[0].value, decimal("304"));
    assert_eq!(answer.prints[0].source_hash, Some(hash(2)));
    assert_eq!(chain.index().newest, may());
}

#[test]
fn disagreement_makes_no_print_until_somebody_corrects_a_report() {
    let mut chain = in_june();
    for (who, value) in [(0, "304"), (1, "304"), (2, "305"), (3, "305"), (4, "306")] {
        assert_eq!(chain.report(who, CPI, may(), value).unwrap(), "waiting");
    }
    assert_eq!(chain.index().newest, period(2024, 4));
    // a reporter has one report, not two
    assert_eq!(chain.report(4, CPI, may(), "305").unwrap(), "printed");
    let query = QueryMsg::Prints { series: CPI.into(), before: None, limit: None };
    let answer: PrintsResponse = chain.app.wrap().query_wasm_smart(&chain.oracle, &query).unwrap();
    assert_eq!(answer.prints.len(), 5);
    assert_eq!(answer.prints[0].value, decimal("305"));
}

#[test]
fn attack_replayed_reports_count_once() {
    let mut chain = in_june();
    chain.report(0, CPI, may(), "304").unwrap();
    let before = chain.state();
    assert_eq!(chain.report(0, CPI, may(), "304"), Err(ContractError::Replayed));
    assert_eq!(chain.state(), before);
    chain.report(1, CPI, may(), "304").unwrap();
    chain.report(2, CPI, may(), "304").unwrap();
    let late = chain.report(3, CPI, may(), "304");
    let expected =
        ContractError::WrongPeriod { series: CPI.into(), expected: period(2024, 6), reported: may() };
    assert_eq!(late, Err(expected));
}

#[test]
fn attack_a_minority_of_reporters_prints_nothing() {
    let mut chain = in_june();
    for value in ["310", "290", "304"] {
        assert_eq!(chain.report(0, CPI, may(), value).unwrap(), "waiting");
        assert_eq!(chain.report(1, CPI, may(), value).unwrap(), "waiting");
    }
    assert_eq!(chain.index().newest, period(2024, 4));
}

#[test]
fn reports_of_reporters_who_were_replaced_do_not_count() {
    let mut chain = in_june();
    chain.report(0, CPI, may(), "304").unwrap();
    chain.report(1, CPI, may(), "304").unwrap();
    let (admin, kept) = (chain.admin.clone(), chain.reporters[2..].to_vec());
    let reporters = kept.iter().map(Addr::to_string).collect();
    chain.send(&admin, &ExecuteMsg::SetReporters { reporters, threshold: 2 }).unwrap();
    assert_eq!(chain.report(2, CPI, may(), "304").unwrap(), "waiting");
    let gone = chain.reporters[0].to_string();
    assert_eq!(chain.report(0, CPI, may(), "304"), Err(ContractError::NotReporter(gone)));
    assert_eq!(chain.report(3, CPI, may(), "304").unwrap(), "printed");
}

#[test]
fn a_print_that_moves_too_far_waits_for_the_admin() {
    for (value, outcome) in
        [("310.575", "printed"), ("310.576", "held"), ("295.425", "printed"), ("295.424", "held")]
    {
        let mut chain = in_june();
        assert_eq!(chain.print(CPI, may(), value), outcome, "{value}");
        let held = outcome == "held";
        assert_eq!(chain.reports(CPI).held.is_some(), held);
        if !held {
            continue;
        }
        let refused = chain.report(3, CPI, may(), "304").unwrap_err();
        assert_eq!(
            refused,
            ContractError::AwaitingConfirmation { series: CPI.into(), value: decimal(value) }
        );
        let wrong = chain.confirm(CPI, period(2024, 6), true).unwrap_err();
        assert!(matches!(wrong, ContractError::WrongPeriod { .. }));
        chain.confirm(CPI, may(), true).unwrap();
        assert_eq!(chain.index().newest, may());
        assert_eq!(chain.confirm(CPI, may(), true), Err(ContractError::NothingHeld(CPI.into())));
    }
}

#[test]
fn a_refused_print_can_be_reported_again() {
    let mut chain = in_june();
    assert_eq!(chain.print(CPI, may(), "400"), "held");
    chain.confirm(CPI, may(), false).unwrap();
    assert_eq!(chain.index().newest, period(2024, 4));
    assert_eq!(chain.print(CPI, may(), "304"), "printed");
}

#[test]
fn only_the_admin_confirms_weighs_and_names_reporters() {
    let mut chain = in_june();
    chain.print(CPI, may(), "400");
    let stranger = chain.reporters[0].clone();
    let reporters = vec![stranger.to_string()];
    for msg in [
        ExecuteMsg::Confirm { series: CPI.into(), period: may(), accept: true },
        ExecuteMsg::Reweight { components: weights(&[(CPI, 10_000)]) },
        ExecuteMsg::SetReporters { reporters, threshold: 1 },
    ] {
        let before = chain.state();
        assert_eq!(chain.send(&stranger, &msg), Err(ContractError::NotAdmin));
        assert_eq!(chain.state(), before);
    }
}

#[test]
fn bad_reports_are_refused_by_name_and_change_nothing() {
    let mut chain = chain();
    let before = chain.state();
    let stranger = chain.app.api().addr_make("stranger");
    chain.reporters.push(stranger.clone());
    let wrong = |expected, reported| ContractError::WrongPeriod { series: CPI.into(), expected, reported };
    let next = may();
    for (who, series, month, value, error) in [
        (5, CPI, next, "304", ContractError::NotReporter(stranger.to_string())),
        (0, "PCEPI", next, "304", ContractError::UnknownSeries("PCEPI".into())),
        (0, CPI, next, "0", ContractError::ZeroValue),
        (0, CPI, next, "304", ContractError::PeriodNotOver(next)),
        (0, CPI, period(2024, 4), "304", wrong(next, period(2024, 4))),
        (0, CPI, period(2024, 6), "304", wrong(next, period(2024, 6))),
        (0, CPI, period(2024, 13), "304", ContractError::BadPeriod(period(2024, 13))),
        (0, CPI, period(0, 1), "304", ContractError::BadPeriod(period(0, 1))),
    ] {
        assert_eq!(chain.report(who, series, month, value), Err(error));
        assert_eq!(chain.state(), before);
    }
    let msg = ExecuteMsg::Report {
        series: CPI.into(),
        period: next,
        value: Decimal::one(),
        source_hash: vec![1; 31].into(),
    };
    let reporter = chain.reporters[0].clone();
    assert_eq!(chain.send(&reporter, &msg), Err(ContractError::BadSourceHash));
    assert_eq!(chain.state(), before);
}

#[test]
fn funds_are_refused() {
    let mut chain = in_june();
    let rich = chain.reporters[0].clone();
    chain.app.init_modules(|router, _, storage| {
        router.bank.init_balance(storage, &rich, coins(5, "uusdc")).unwrap();
    });
    let msg =
        ExecuteMsg::Report { series: CPI.into(), period: may(), value: decimal("304"), source_hash: hash(0) };
    let answer = chain.app.execute_contract(rich, chain.oracle.clone(), &msg, &coins(5, "uusdc"));
    assert_eq!(answer.unwrap_err().downcast::<ContractError>().unwrap(), PaymentError::Unwanted.into());
}

#[test]
fn the_largest_and_smallest_values_overflow_into_errors_not_panics() {
    let mut chain = in_june();
    let huge = Decimal::MAX.to_string();
    assert_eq!(chain.print(CPI, may(), &huge), "held");
    chain.confirm(CPI, may(), true).unwrap();
    chain.set_time(date(2024, 7, 12));
    // the level is at most Decimal::MAX / 300 here: still a number
    assert_eq!(chain.print(CPI, period(2024, 6), "0.000000000000000001"), "held");
    assert_eq!(chain.confirm(CPI, period(2024, 6), true), Err(ContractError::OutOfRange));
    chain.confirm(CPI, period(2024, 6), false).unwrap();
    assert_eq!(chain.print(CPI, period(2024, 6), "304"), "held");
    chain.confirm(CPI, period(2024, 6), true).unwrap();

    let large = try_chain(|msg| {
        msg.base = Decimal::MAX;
        msg.components[0].prints[1] = decimal("1");
        msg.components[0].prints[0] = decimal("0.1");
    });
    assert_eq!(large.err(), Some(ContractError::OutOfRange));
}

#[test]
fn bad_beginnings_are_refused_by_name() {
    type Change = fn(&mut InstantiateMsg);
    let cases: Vec<(Change, ContractError)> = vec![
        (|msg| msg.threshold = 2, ReportersError::Threshold { threshold: 2, reporters: 5 }.into()),
        (|msg| msg.threshold = 6, ReportersError::Threshold { threshold: 6, reporters: 5 }.into()),
        (|msg| msg.threshold = 0, ReportersError::Threshold { threshold: 0, reporters: 5 }.into()),
        (|msg| msg.reporters.clear(), ReportersError::List { most: 16 }.into()),
        (|msg| msg.reporters[1] = msg.reporters[0].clone(), ReportersError::List { most: 16 }.into()),
        (|msg| msg.components.clear(), ContractError::BadComponents { most: 8 }),
        (|msg| msg.components.push(msg.components[0].clone()), ContractError::BadComponents { most: 8 }),
        (|msg| msg.components[0].weight_bps = 9_999, ContractError::BadWeights(9_999)),
        (|msg| msg.components[0].series = "a b".into(), ContractError::BadSeries("a b".into())),
        (|msg| msg.components[0].series = String::new(), ContractError::BadSeries(String::new())),
        (|msg| msg.components[0].prints[2] = Decimal::zero(), ContractError::ZeroValue),
        (|msg| msg.base = Decimal::zero(), ContractError::ZeroValue),
        (
            |msg| msg.components[0].prints.truncate(1),
            ContractError::BadHistory { series: CPI.into(), needed: 2, given: 1 },
        ),
        // too old to say what today is, and from the future
        (|msg| msg.first_period = period(2023, 11), ContractError::BadPeriod(period(2023, 11))),
        (|msg| msg.first_period = period(2024, 3), ContractError::BadPeriod(period(2024, 3))),
    ];
    for (change, error) in cases {
        assert_eq!(try_chain(change).err(), Some(error));
    }
    let uneven = try_chain(|msg| {
        msg.components[0].weight_bps = 5_000;
        msg.components.push(component(HICP, 5_000, &["100", "101", "102"]));
    });
    assert_eq!(uneven.err(), Some(ContractError::BadHistory { series: HICP.into(), needed: 4, given: 3 }));
}

#[test]
fn migration_refuses_other_contracts_and_newer_versions() {
    use cosmwasm_std::testing::{mock_dependencies, mock_env};
    use iz_contract_types::index_oracle::MigrateMsg;
    use iz_index_oracle::contract::{CONTRACT_NAME, CONTRACT_VERSION, migrate};
    let mut deps = mock_dependencies();
    for (name, version, fits) in [
        (CONTRACT_NAME, "0.0.9", true),
        (CONTRACT_NAME, "99.0.0", false),
        ("crates.io:cw20-base", "0.0.9", false),
    ] {
        cw2::set_contract_version(&mut deps.storage, name, version).unwrap();
        assert_eq!(migrate(deps.as_mut(), mock_env(), MigrateMsg {}).is_ok(), fits, "{name} {version}");
        let stored = cw2::get_contract_version(&deps.storage).unwrap().version;
        assert_eq!(stored, if fits { CONTRACT_VERSION } else { version });
    }
}
