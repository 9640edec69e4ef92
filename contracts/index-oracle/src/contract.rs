//! The entry points, and the checks that more than one message makes.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Decimal256, Deps, DepsMut, Env, MessageInfo, Response, to_json_binary};
use iz_contract_kit::reporters;
use iz_contract_types::index_oracle::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use iz_contract_types::payment::Payment;

use crate::basket;
use crate::calendar::{month_of, months};
use crate::error::ContractError;
use crate::execute::{confirm, report, reweight, set_reporters};
use crate::query;
use crate::state::{BASKET, Basket, CONFIG, Config, KNOWN, LEVELS, PRINTS, Series, StoredLevel, StoredPrint};

pub const CONTRACT_NAME: &str = "crates.io:iz-index-oracle";
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

const MOST_COMPONENTS: usize = 8;
/// The first index needs the levels of two months; more than ten years are more than anybody needs at the start.
const PRINTS_AT_START: std::ops::RangeInclusive<usize> = 2..=120;

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    Payment::none(&info.funds)?;
    cw2::set_contract_version(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    check_series(msg.components.iter().map(|component| component.series.as_str()))?;
    check_weights(msg.components.iter().map(|component| component.weight_bps))?;
    if msg.base.is_zero() {
        return Err(ContractError::ZeroValue);
    }
    let now = env.block.time.seconds();
    let config = Config {
        admin: deps.api.addr_validate(&msg.admin)?,
        reporters: reporters::check(deps.api, &msg.reporters, msg.threshold)?,
        threshold: msg.threshold,
        started: now,
    };
    CONFIG.save(deps.storage, &config)?;

    let first = months(msg.first_period)?;
    let count = msg.components.first().map_or(0, |component| component.prints.len());
    let mut components = Vec::with_capacity(msg.components.len());
    for component in msg.components {
        let given = component.prints.len();
        if given != count || !PRINTS_AT_START.contains(&given) {
            let needed = count.clamp(*PRINTS_AT_START.start(), *PRINTS_AT_START.end());
            return Err(ContractError::BadHistory { series: component.series, needed, given });
        }
        for (month, value) in (first..).zip(&component.prints) {
            if value.is_zero() {
                return Err(ContractError::ZeroValue);
            }
            let print = StoredPrint { value: *value, source_hash: None, accepted_at: now };
            PRINTS.save(deps.storage, (&component.series, month), &print)?;
        }
        components.push(Series {
            name: component.series,
            weight_bps: component.weight_bps,
            base: component.prints.first().copied().unwrap_or_default(),
            next: first + count as u32,
            printed: true,
        });
    }
    let newest = first + count as u32 - 1;
    let this_month = month_of(now);
    // the index of today lies between the levels of the third and the second month before
    if first + 3 > this_month || newest + 2 < this_month || newest >= this_month {
        return Err(ContractError::BadPeriod(msg.first_period));
    }
    let chain_factor = Decimal256::from(msg.base);
    let basket = Basket { components, chain_factor, linked_at: first, newest };
    for month in first..=newest {
        let level = basket::level(deps.storage, &basket, month)?;
        LEVELS.save(deps.storage, month, &StoredLevel { level, accepted_at: now })?;
    }
    KNOWN.save(deps.storage, now, &newest)?;
    BASKET.save(deps.storage, &basket)?;
    Ok(Response::new().add_attribute("action", "instantiate"))
}

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    Payment::none(&info.funds)?;
    match msg {
        ExecuteMsg::Report { series, period, value, source_hash } => {
            report::report(deps, &env, &info, &series, period, value, source_hash)
        }
        ExecuteMsg::Confirm { series, period, accept } => {
            confirm::confirm(deps, &env, &info, &series, period, accept)
        }
        ExecuteMsg::Reweight { components } => reweight::reweight(deps, &env, &info, components),
        ExecuteMsg::SetReporters { reporters, threshold } => {
            set_reporters::set_reporters(deps, &info, &reporters, threshold)
        }
    }
}

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps<'_>, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    Ok(match msg {
        QueryMsg::Index { at } => to_json_binary(&query::index(deps, &env, at)?)?,
        QueryMsg::Prints { series, before, limit } => {
            to_json_binary(&query::prints(deps, &series, before, limit)?)?
        }
        QueryMsg::Levels { before, limit } => to_json_binary(&query::levels(deps, before, limit)?)?,
        QueryMsg::Reports { series } => to_json_binary(&query::reports(deps, &series)?)?,
        QueryMsg::Config {} => to_json_binary(&query::config(deps)?)?,
    })
}

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut<'_>, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    cw2::ensure_from_older_version(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    Ok(Response::new().add_attribute("action", "migrate"))
}

pub(crate) fn check_series<'a>(names: impl Iterator<Item = &'a str>) -> Result<(), ContractError> {
    let mut names: Vec<&str> = names.collect();
    let count = names.len();
    for name in &names {
        let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        if name.is_empty() || name.len() > 64 || !plain {
            return Err(ContractError::BadSeries((*name).to_owned()));
        }
    }
    names.sort_unstable();
    names.dedup();
    if names.len() != count || !(1..=MOST_COMPONENTS).contains(&count) {
        return Err(ContractError::BadComponents { most: MOST_COMPONENTS });
    }
    Ok(())
}

pub(crate) fn check_weights(weights: impl Iterator<Item = u16>) -> Result<(), ContractError> {
    match weights.map(u32::from).sum() {
        10_000 => Ok(()),
        sum => Err(ContractError::BadWeights(sum)),
    }
}
