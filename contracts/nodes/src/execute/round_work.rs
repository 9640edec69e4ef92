//! Work that a round accepted, told by the rounds contract. Of who is no node any more nothing is credited, and the round goes on.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Uint128};
use iz_contract_types::nodes::Role;

use crate::error::ContractError;
use crate::rewards;
use crate::state::{CONFIG, TERMS, only};

pub fn round_work(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    operator: &str,
    units: Uint128,
) -> Result<Response, ContractError> {
    only(deps.storage, Role::Reporter, &info.sender)?;
    let config = CONFIG.load(deps.storage)?;
    let terms = TERMS.load(deps.storage)?;
    let operator = deps.api.addr_validate(operator)?;
    rewards::add_work(deps.storage, &config, &terms, &operator, config.epoch(env), units)?;
    Ok(Response::new()
        .add_attribute("action", "round_work")
        .add_attribute("operator", operator)
        .add_attribute("units", units))
}
