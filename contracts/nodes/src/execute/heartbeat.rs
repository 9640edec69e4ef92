//! Uptime and efficiency: what a node shows of itself, what an auditor found missing, what an auditor measured.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use iz_contract_types::nodes::Role;

use crate::error::ContractError;
use crate::rewards;
use crate::state::{CONFIG, NODES, TERMS, node, only};

pub fn heartbeat(deps: DepsMut<'_>, env: &Env, info: &MessageInfo) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let mut own = node(deps.storage, &info.sender)?;
    own.active()?;
    own.beats.roll(config.epoch(env));
    own.beats.seen |= 1 << config.window(env);
    NODES.save(deps.storage, &info.sender, &own)?;
    Ok(Response::new().add_attribute("action", "heartbeat").add_attribute("operator", &info.sender))
}

pub fn probe(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    operator: &str,
) -> Result<Response, ContractError> {
    only(deps.storage, Role::Auditor, &info.sender)?;
    let config = CONFIG.load(deps.storage)?;
    let operator = deps.api.addr_validate(operator)?;
    let mut found = node(deps.storage, &operator)?;
    found.active()?;
    found.beats.roll(config.epoch(env));
    found.beats.failed |= 1 << config.window(env);
    NODES.save(deps.storage, &operator, &found)?;
    Ok(Response::new()
        .add_attribute("action", "probe")
        .add_attribute("operator", operator)
        .add_attribute("auditor", &info.sender))
}

/// Efficiency counts from the next work on; without a measurement it is one.
pub fn attest_efficiency(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    operator: &str,
    efficiency: u16,
    until: u64,
) -> Result<Response, ContractError> {
    only(deps.storage, Role::Auditor, &info.sender)?;
    let config = CONFIG.load(deps.storage)?;
    let operator = deps.api.addr_validate(operator)?;
    if operator == info.sender {
        return Err(ContractError::OwnCase);
    }
    let range = |what, value, least, most| ContractError::OutOfRange { what, value, least, most };
    if !(8_000..=12_000).contains(&efficiency) {
        return Err(range("the efficiency", efficiency.into(), 8_000, 12_000));
    }
    let epoch = config.epoch(env);
    let most = epoch.saturating_add(90);
    if until <= epoch || until > most {
        return Err(range("the epoch", until, epoch.saturating_add(1), most));
    }
    let mut found = node(deps.storage, &operator)?;
    found.active()?;
    found.efficiency = Some((efficiency, until));
    NODES.save(deps.storage, &operator, &found)?;
    let terms = TERMS.load(deps.storage)?;
    rewards::refresh(deps.storage, &config, &terms, &operator, &found, epoch)?;
    Ok(Response::new()
        .add_attribute("action", "attest_efficiency")
        .add_attribute("operator", operator)
        .add_attribute("efficiency", efficiency.to_string()))
}
