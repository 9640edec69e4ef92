//! Credits what a member earned in rounds that are over: merit, weights in the router's pools, verified units as a node. Anyone may
//! send it for the member; each round counts once.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, CosmosMsg, DepsMut, Response, StdResult, Uint128, WasmMsg, to_json_binary};
use iz_contract_types::{merit, nodes, revenue_router};

use crate::earned::{Account, Part};
use crate::error::ContractError;
use crate::state::{CONFIG, MAXIMUM_CLAIM, closed};

/// What merit is told it was earned for.
pub const REASON: &str = "federated rounds";

pub fn claim(deps: DepsMut<'_>, member: &str, rounds: &[u64]) -> Result<Response, ContractError> {
    if rounds.is_empty() || rounds.len() > MAXIMUM_CLAIM {
        return Err(ContractError::RoundCount { count: rounds.len(), maximum: MAXIMUM_CLAIM });
    }
    let config = CONFIG.load(deps.storage)?;
    let address = deps.api.addr_validate(member)?;
    let (mut total, mut units) = (Uint128::zero(), Uint128::zero());
    let mut weights: BTreeMap<String, Uint128> = BTreeMap::new();
    for id in rounds {
        let account = Account::new(*id, closed(deps.storage, *id)?);
        let mut part = Part::load(deps.storage, *id, &address)?;
        let due = account.earned(deps.storage, &part)?;
        if due.claimed {
            return Err(ContractError::AlreadyClaimed { address: address.to_string(), round: *id });
        }
        part.set_claimed();
        part.save(deps.storage, *id, &address)?;
        total = total.checked_add(due.merit)?;
        units = units.checked_add(due.node_units)?;
        if let Some(pool) = account.task.rewards.pool.filter(|_| !due.merit.is_zero()) {
            let weight = weights.entry(pool).or_default();
            *weight = weight.checked_add(due.merit)?;
        }
    }
    if total.is_zero() && units.is_zero() {
        return Err(ContractError::NothingDue);
    }
    let mut response = Response::new()
        .add_attribute("action", "claim")
        .add_attribute("member", member)
        .add_attribute("merit", total)
        .add_attribute("node_units", units);
    let member = member.to_string();
    if !total.is_zero() {
        let credit =
            merit::ExecuteMsg::Credit { member: member.clone(), amount: total, reason: REASON.to_string() };
        response = response.add_message(call(&config.merit, &credit)?);
    }
    if let Some(router) = &config.router {
        for (pool, weight) in weights {
            let add = revenue_router::ExecuteMsg::AddWeight { pool, member: member.clone(), weight };
            response = response.add_message(call(router, &add)?);
        }
    }
    if !units.is_zero() {
        let work = nodes::ExecuteMsg::RoundWork { operator: member, units };
        response = response.add_message(call(&config.nodes, &work)?);
    }
    Ok(response)
}

pub fn call(contract: &Addr, message: &impl serde::Serialize) -> StdResult<CosmosMsg> {
    Ok(WasmMsg::Execute { contract_addr: contract.to_string(), msg: to_json_binary(message)?, funds: vec![] }
        .into())
}
