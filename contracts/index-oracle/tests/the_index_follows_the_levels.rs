//! The index over time: lag and interpolation, missing and late prints, staleness, new weights.

#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use cosmwasm_std::{Decimal, Timestamp};
use iz_contract_types::index_oracle::{ConfigResponse, LevelsResponse, QueryMsg};
use iz_index_oracle::error::ContractError;

fn close(a: Decimal, b: &str) -> bool {
    a.abs_diff(decimal(b)) < decimal("0.000000000001")
}

#[test]
fn the_index_goes_straight_between_levels_three_and_two_months_old() {
    // January to April: 300, 301, 303, 303, in units of 300
    let chain = chain();
    let level = |print: &str| decimal(print) / decimal("300");
    // 20 May: 19 days of 31 from February to March
    let expected = level("301") + (level("303") - level("301")) * decimal("19") / decimal("31");
    assert!(chain.index().value.abs_diff(expected) < decimal("0.000000000001"));
    assert_eq!(chain.index().value, chain.index().target);
    // the course ahead is public: June goes from March to April, which are equal
    assert_eq!(chain.index_at(date(2024, 6, 1)).value, level("303"));
    assert_eq!(chain.index_at(date(2024, 6, 17)).value, level("303"));
    assert!(!chain.index_at(date(2024, 6, 30)).held);
    // and there is none before the beginning
    let at = Some(Timestamp::from_seconds(date(2024, 5, 19)));
    let asked: Result<iz_contract_types::index_oracle::IndexResponse, _> =
        chain.app.wrap().query_wasm_smart(&chain.oracle, &QueryMsg::Index { at });
    assert!(asked.unwrap_err().to_string().contains(&ContractError::BeforeBeginning.to_string()));
}

#[test]
fn a_missing_print_holds_the_index_and_after_75_days_it_is_stale() {
    let mut chain = chain();
    chain.set_time(date(2024, 7, 1) - 1);
    assert!(!chain.index().held);
    for (time, held, stale) in [
        (date(2024, 7, 1), true, false),
        (date(2024, 7, 1) + 75 * DAY, true, false),
        (date(2024, 7, 1) + 75 * DAY + 1, true, true),
        (date(2025, 1, 1), true, true),
    ] {
        chain.set_time(time);
        let index = chain.index();
        assert_eq!((index.held, index.stale), (held, stale), "{time}");
        assert_eq!(index.held_since, Some(Timestamp::from_seconds(date(2024, 7, 1))));
        assert_eq!(index.value, decimal("1.01"));
    }
}

#[test]
fn a_late_print_is_caught_up_with_over_28_days_without_a_jump() {
    let mut chain = chain();
    chain.set_time(date(2024, 7, 11));
    assert!(chain.index().held);
    assert_eq!(chain.print(CPI, period(2024, 5), "306"), "printed");
    let (late, start) = (chain.index(), chain.now());
    assert!(!late.held);
    assert_eq!(late.value, decimal("1.01"), "nothing happens at once");
    // the target is where July's line, from 1.01 to 1.02, is after 10 of 31 days
    let july = |days: u64| decimal("1.01") + decimal("0.01") * Decimal::from_ratio(days, 31u64);
    assert!(late.target.abs_diff(july(10)) < decimal("0.000000000001"));
    chain.print(CPI, period(2024, 6), "306");
    let half = chain.index_at(start + 14 * DAY);
    let expected = (decimal("1.01") + july(24)) / decimal("2");
    assert!(half.value.abs_diff(expected) < decimal("0.000000000001"));
    // 28 days later it is there; August goes from 1.02 to 1.02
    let there = chain.index_at(start + 28 * DAY);
    assert_eq!(there.value, there.target);
    assert!(close(there.value, "1.02"));
    let nearly = chain.index_at(start + 28 * DAY - 1);
    assert!(nearly.value < there.value && there.value - nearly.value < decimal("0.0000001"));
}

#[test]
fn several_late_prints_each_begin_a_new_way_from_where_the_index_stands() {
    let mut chain = chain();
    chain.set_time(date(2024, 9, 10));
    for (month, value) in [(5, "306"), (6, "308"), (7, "310")] {
        chain.print(CPI, period(2024, month), value);
        assert_eq!(chain.index().value, decimal("1.01"));
        chain.set_time(chain.now() + 3600);
        assert!(chain.index().value > decimal("1.01"));
        chain.set_time(chain.now() - 3600);
    }
    assert!(!chain.index().held);
    chain.print(CPI, period(2024, 8), "310");
    chain.set_time(date(2024, 10, 8));
    assert!(close(chain.index().value, "1.033333333333333333"));
}

#[test]
fn the_past_stays_what_it_was() {
    let mut chain = chain();
    let mut seen = vec![(chain.now(), chain.index())];
    let prints =
        [(date(2024, 6, 12), 5, "305"), (date(2024, 8, 20), 6, "307"), (date(2024, 8, 25), 7, "309")];
    for (time, month, value) in prints {
        chain.set_time(time - 5 * DAY);
        seen.push((chain.now(), chain.index()));
        chain.set_time(time);
        chain.print(CPI, period(2024, month), value);
        chain.set_time(time + 1);
        seen.push((chain.now(), chain.index()));
    }
    chain.set_time(date(2025, 2, 1));
    for (time, index) in seen {
        assert_eq!(chain.index_at(time), index);
    }
}

#[test]
fn new_weights_link_at_the_newest_level_without_a_jump() {
    let mut chain = chain();
    let before = chain.index();
    // a new series is tracked first, and its first print needs the admin
    assert_eq!(
        chain.reweight(&[(CPI, 5_000), (HICP, 5_000)]),
        Err(ContractError::NoPrintAtLink { series: HICP.into(), period: period(2024, 4) })
    );
    chain.reweight(&[(CPI, 10_000), (HICP, 0)]).unwrap();
    assert_eq!(chain.index(), before);
    assert_eq!(chain.print(HICP, period(2024, 4), "126"), "held");
    chain.confirm(HICP, period(2024, 4), true).unwrap();
    chain.reweight(&[(CPI, 5_000), (HICP, 5_000)]).unwrap();
    assert_eq!(chain.index(), before);
    let config: ConfigResponse =
        chain.app.wrap().query_wasm_smart(&chain.oracle, &QueryMsg::Config {}).unwrap();
    assert_eq!(config.linked_at, period(2024, 4));
    assert_eq!(config.chain_factor.to_string(), "1.01");
    assert_eq!(config.components[1].base, decimal("126"));

    // +1% and +2% at equal weights are +1.5%
    chain.set_time(date(2024, 6, 12));
    chain.print(CPI, period(2024, 5), "306.03");
    assert_eq!(chain.index().newest, period(2024, 4), "a month is complete when all series have it");
    chain.print(HICP, period(2024, 5), "128.52");
    let levels: LevelsResponse = chain
        .app
        .wrap()
        .query_wasm_smart(&chain.oracle, &QueryMsg::Levels { before: None, limit: Some(2) })
        .unwrap();
    assert_eq!(levels.levels[0].level.to_string(), "1.02515");
    assert_eq!(levels.levels[1].level.to_string(), "1.01");
}

#[test]
fn dropping_a_series_that_is_printed_no_more_completes_the_months_it_held_up() {
    let mut chain = chain();
    chain.reweight(&[(CPI, 10_000), (HICP, 0)]).unwrap();
    chain.print(HICP, period(2024, 4), "126");
    chain.confirm(HICP, period(2024, 4), true).unwrap();
    chain.reweight(&[(CPI, 5_000), (HICP, 5_000)]).unwrap();
    chain.set_time(date(2024, 8, 15));
    for (month, value) in [(5, "304"), (6, "305"), (7, "306")] {
        chain.print(CPI, period(2024, month), value);
    }
    assert!(chain.index().held);
    let before = chain.index().value;
    chain.reweight(&[(CPI, 10_000)]).unwrap();
    let index = chain.index();
    assert_eq!((index.newest, index.held, index.value), (period(2024, 7), false, before));
    assert!(close(chain.index_at(date(2024, 10, 1)).value, "1.02"));
    assert_eq!(chain.report(0, HICP, period(2024, 5), "1"), Err(ContractError::UnknownSeries(HICP.into())));
}

#[test]
fn attack_reweighting_cannot_move_the_index_at_once() {
    // even to a series that has doubled since the beginning
    let mut chain = chain();
    chain.reweight(&[(CPI, 10_000), (HICP, 0)]).unwrap();
    chain.print(HICP, period(2024, 4), "100");
    chain.confirm(HICP, period(2024, 4), true).unwrap();
    chain.set_time(date(2024, 6, 12));
    chain.print(CPI, period(2024, 5), "303");
    chain.print(HICP, period(2024, 5), "200");
    chain.confirm(HICP, period(2024, 5), true).unwrap();
    let before = chain.index();
    for _ in 0..3 {
        chain.reweight(&[(HICP, 10_000)]).unwrap();
        assert_eq!(chain.index(), before);
        assert_eq!(chain.index_at(date(2024, 7, 31)).value, before.value);
    }
}
