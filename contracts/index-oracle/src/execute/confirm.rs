//! The admin settles a print that was held, or throws it away so that reporters can report anew.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use iz_contract_types::index_oracle::Period;

use super::{find, only_admin};
use crate::basket::settle;
use crate::calendar::{months, period as period_of};
use crate::error::ContractError;
use crate::state::{HELD, VOTES};

pub fn confirm(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    series: &str,
    period: Period,
    accept: bool,
) -> Result<Response, ContractError> {
    only_admin(deps.storage, info)?;
    let month = months(period)?;
    let (basket, at) = find(deps.storage, series)?;
    let held =
        HELD.may_load(deps.storage, series)?.ok_or_else(|| ContractError::NothingHeld(series.to_owned()))?;
    // a vote on one month's print must not settle another's
    let next = basket.components.get(at).map_or(month, |component| component.next);
    if month != next {
        let series = series.to_owned();
        return Err(ContractError::WrongPeriod { series, expected: period_of(next), reported: period });
    }
    if accept {
        settle(deps.storage, env, basket, at, held.value, held.source_hash, true)?;
    } else {
        HELD.remove(deps.storage, series);
        VOTES.remove(deps.storage, series);
    }
    Ok(Response::new()
        .add_attribute("action", "confirm")
        .add_attribute("series", series)
        .add_attribute("value", held.value.to_string())
        .add_attribute("accepted", accept.to_string()))
}
