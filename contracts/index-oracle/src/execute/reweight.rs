//! The admin changes the basket. The new weights count from the newest level on, which stays what it is: the index does not jump.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use iz_contract_types::index_oracle::Weight;

use super::only_admin;
use crate::basket::{complete, print_at};
use crate::calendar::period;
use crate::contract::{check_series, check_weights};
use crate::error::ContractError;
use crate::state::{BASKET, HELD, LEVELS, Series, VOTES};

pub fn reweight(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    components: Vec<Weight>,
) -> Result<Response, ContractError> {
    only_admin(deps.storage, info)?;
    check_series(components.iter().map(|component| component.series.as_str()))?;
    check_weights(components.iter().map(|component| component.weight_bps))?;

    let mut basket = BASKET.load(deps.storage)?;
    let link = basket.newest;
    let mut renewed = Vec::with_capacity(components.len());
    for Weight { series: name, weight_bps } in components {
        let known = basket.components.iter().position(|series| series.name == name);
        let mut series = match known {
            Some(at) => basket.components.remove(at),
            // a new series is first reported for the month of the newest level, so that it can be linked there
            None => Series { name, weight_bps, base: Default::default(), next: link, printed: false },
        };
        series.weight_bps = weight_bps;
        if weight_bps > 0 {
            if !series.printed || series.next <= link {
                return Err(ContractError::NoPrintAtLink { series: series.name, period: period(link) });
            }
            series.base = print_at(deps.storage, &series, link)?;
        }
        renewed.push(series);
    }
    for dropped in &basket.components {
        VOTES.remove(deps.storage, &dropped.name);
        HELD.remove(deps.storage, &dropped.name);
    }
    basket.components = renewed;
    basket.chain_factor = LEVELS.load(deps.storage, link)?.level;
    basket.linked_at = link;
    let months = complete(deps.storage, env, &mut basket)?;
    BASKET.save(deps.storage, &basket)?;
    Ok(Response::new()
        .add_attribute("action", "reweight")
        .add_attribute("chain_factor", basket.chain_factor.to_string())
        .add_attribute("months_completed", months.to_string()))
}
