//! A reporter says what was printed; enough equal values settle the print.

use cosmwasm_std::{Decimal, DepsMut, Env, HexBinary, MessageInfo, Response};
use iz_contract_types::index_oracle::Period;

use super::find;
use crate::basket::{Settled, settle};
use crate::calendar::{begins, months, period as period_of};
use crate::error::ContractError;
use crate::state::{CONFIG, HELD, VOTES, Vote};

pub fn report(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    series: &str,
    period: Period,
    value: Decimal,
    source_hash: HexBinary,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    if !config.reporters.contains(&info.sender) {
        return Err(ContractError::NotReporter(info.sender.to_string()));
    }
    if value.is_zero() {
        return Err(ContractError::ZeroValue);
    }
    if source_hash.len() != 32 {
        return Err(ContractError::BadSourceHash);
    }
    let month = months(period)?;
    let (basket, at) = find(deps.storage, series)?;
    let next = basket.components.get(at).map_or(month, |component| component.next);
    if month != next {
        let series = series.to_owned();
        return Err(ContractError::WrongPeriod { series, expected: period_of(next), reported: period });
    }
    if env.block.time.seconds() < begins(month + 1) {
        return Err(ContractError::PeriodNotOver(period));
    }
    if let Some(held) = HELD.may_load(deps.storage, series)? {
        return Err(ContractError::AwaitingConfirmation { series: series.to_owned(), value: held.value });
    }

    let mut votes = VOTES.may_load(deps.storage, series)?.unwrap_or_default();
    // reports of those who are no reporters any more do not count
    votes.retain(|vote| config.reporters.contains(&vote.reporter));
    let vote = Vote { reporter: info.sender.clone(), value, source_hash: source_hash.clone() };
    if votes.contains(&vote) {
        return Err(ContractError::Replayed);
    }
    votes.retain(|other| other.reporter != info.sender);
    votes.push(vote);
    let equal = votes.iter().filter(|vote| vote.value == value).count();

    let response = Response::new()
        .add_attribute("action", "report")
        .add_attribute("reporter", &info.sender)
        .add_attribute("series", series)
        .add_attribute("period", format!("{:04}-{:02}", period.year, period.month))
        .add_attribute("value", value.to_string())
        .add_attribute("agreeing", equal.to_string());
    if equal < config.threshold as usize {
        VOTES.save(deps.storage, series, &votes)?;
        return Ok(response.add_attribute("outcome", "waiting"));
    }
    VOTES.save(deps.storage, series, &votes)?;
    Ok(match settle(deps.storage, env, basket, at, value, source_hash, false)? {
        Settled::Printed { months } => {
            response.add_attribute("outcome", "printed").add_attribute("months_completed", months.to_string())
        }
        Settled::Held => response.add_attribute("outcome", "held"),
    })
}
