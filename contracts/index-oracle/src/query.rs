//! Answers.

use cosmwasm_std::{Decimal, Deps, Env, Order, StdResult, Timestamp};
use cw_storage_plus::Bound;
use iz_contract_types::index_oracle::{
    ComponentState, ConfigResponse, IndexResponse, Level, LevelsResponse, Period, Print, PrintsResponse,
    ReportEntry, ReportsResponse,
};

use crate::calendar::{months, period};
use crate::error::ContractError;
use crate::index::index_at;
use crate::state::{BASKET, CONFIG, HELD, LEVELS, PRINTS, VOTES};

const PAGE: u32 = 12;
const LARGEST_PAGE: u32 = 60;
/// Far enough for anybody, and no more than the calendar can count.
const FUTURE: u64 = 400 * 86_400;

pub fn index(deps: Deps<'_>, env: &Env, at: Option<Timestamp>) -> Result<IndexResponse, ContractError> {
    let latest = env.block.time.seconds() + FUTURE;
    let time = at.unwrap_or(env.block.time).seconds().min(latest);
    let index = index_at(deps.storage, time)?;
    let narrow = |value| Decimal::try_from(value).map_err(|_| ContractError::OutOfRange);
    Ok(IndexResponse {
        value: narrow(index.value)?,
        target: narrow(index.target)?,
        held: index.held_since.is_some(),
        held_since: index.held_since.map(Timestamp::from_seconds),
        stale: index.stale,
        newest: period(index.newest),
    })
}

fn page(before: Option<Period>, limit: Option<u32>) -> Result<(Option<u32>, usize), ContractError> {
    let limit = limit.unwrap_or(PAGE).min(LARGEST_PAGE) as usize;
    Ok((before.map(months).transpose()?, limit))
}

pub fn prints(
    deps: Deps<'_>,
    series: &str,
    before: Option<Period>,
    limit: Option<u32>,
) -> Result<PrintsResponse, ContractError> {
    let (before, limit) = page(before, limit)?;
    let prints = PRINTS
        .prefix(series)
        .range(deps.storage, None, before.map(Bound::exclusive), Order::Descending)
        .take(limit)
        .map(|entry| {
            let (month, print) = entry?;
            let accepted_at = Timestamp::from_seconds(print.accepted_at);
            Ok(Print {
                period: period(month),
                value: print.value,
                source_hash: print.source_hash,
                accepted_at,
            })
        })
        .collect::<StdResult<_>>()?;
    Ok(PrintsResponse { prints })
}

pub fn levels(
    deps: Deps<'_>,
    before: Option<Period>,
    limit: Option<u32>,
) -> Result<LevelsResponse, ContractError> {
    let (before, limit) = page(before, limit)?;
    let levels = LEVELS
        .range(deps.storage, None, before.map(Bound::exclusive), Order::Descending)
        .take(limit)
        .map(|entry| {
            let (month, stored) = entry?;
            let accepted_at = Timestamp::from_seconds(stored.accepted_at);
            Ok(Level { period: period(month), level: stored.level, accepted_at })
        })
        .collect::<StdResult<_>>()?;
    Ok(LevelsResponse { levels })
}

pub fn reports(deps: Deps<'_>, series: &str) -> Result<ReportsResponse, ContractError> {
    let basket = BASKET.load(deps.storage)?;
    let component = basket
        .components
        .iter()
        .find(|component| component.name == series)
        .ok_or_else(|| ContractError::UnknownSeries(series.to_owned()))?;
    let votes = VOTES.may_load(deps.storage, series)?.unwrap_or_default();
    let entry = |vote: crate::state::Vote| ReportEntry {
        reporter: vote.reporter.into(),
        value: vote.value,
        source_hash: vote.source_hash,
    };
    Ok(ReportsResponse {
        period: period(component.next),
        reports: votes.into_iter().map(entry).collect(),
        held: HELD.may_load(deps.storage, series)?.map(|held| held.value),
    })
}

pub fn config(deps: Deps<'_>) -> Result<ConfigResponse, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let basket = BASKET.load(deps.storage)?;
    let component = |series: crate::state::Series| ComponentState {
        weight_bps: series.weight_bps,
        base: series.base,
        newest: series.printed.then(|| period(series.next - 1)),
        series: series.name,
    };
    Ok(ConfigResponse {
        admin: config.admin.into(),
        reporters: config.reporters.into_iter().map(String::from).collect(),
        threshold: config.threshold,
        components: basket.components.into_iter().map(component).collect(),
        chain_factor: basket.chain_factor,
        linked_at: period(basket.linked_at),
        newest: period(basket.newest),
    })
}
