//! AddWeight, AddWeights, RemoveWeight: by the controller of a pool, for work that was verified. Who has earned something before a
//! change keeps it.

use cosmwasm_std::{DepsMut, MessageInfo, Response, Uint128};
use iz_contract_types::revenue_router::MemberWeight;

use crate::error::ContractError;
use crate::names;
use crate::pools;
use crate::state::{POOLS, Pool};

pub const MOST_WEIGHTS: usize = 256;

fn controlled(deps: &DepsMut<'_>, info: &MessageInfo, name: &str) -> Result<Pool, ContractError> {
    let pool = pools::load(deps.storage, name)?;
    if pool.controller != info.sender {
        return Err(ContractError::Unauthorized {
            sender: info.sender.clone(),
            who: format!("the controller of {name}"),
        });
    }
    Ok(pool)
}

pub fn add(
    deps: DepsMut<'_>,
    info: MessageInfo,
    pool: String,
    member: String,
    weight: Uint128,
) -> Result<Response, ContractError> {
    add_many(deps, info, pool, vec![MemberWeight { member, weight }])
}

pub fn add_many(
    deps: DepsMut<'_>,
    info: MessageInfo,
    name: String,
    weights: Vec<MemberWeight>,
) -> Result<Response, ContractError> {
    let mut pool = controlled(&deps, &info, &name)?;
    names::check_sorted("members", weights.iter().map(|entry| entry.member.as_str()), MOST_WEIGHTS)?;
    for entry in &weights {
        if entry.weight.is_zero() {
            return Err(ContractError::ZeroWeight {});
        }
        let member = deps.api.addr_validate(&entry.member)?;
        pools::change_weight(deps.storage, &name, &mut pool, &member, |weight| {
            Ok(weight.checked_add(entry.weight)?)
        })?;
    }
    POOLS.save(deps.storage, &name, &pool)?;
    Ok(Response::new()
        .add_attribute("action", "add_weight")
        .add_attribute("pool", name)
        .add_attribute("members", weights.len().to_string())
        .add_attribute("total_weight", pool.total_weight))
}

pub fn remove(
    deps: DepsMut<'_>,
    info: MessageInfo,
    name: String,
    member: String,
    weight: Uint128,
) -> Result<Response, ContractError> {
    let mut pool = controlled(&deps, &info, &name)?;
    if weight.is_zero() {
        return Err(ContractError::ZeroWeight {});
    }
    let address = deps.api.addr_validate(&member)?;
    pools::change_weight(deps.storage, &name, &mut pool, &address, |has| {
        has.checked_sub(weight).map_err(|_| ContractError::WeightTooSmall {
            member: address.clone(),
            weight: has,
            wanted: weight,
        })
    })?;
    POOLS.save(deps.storage, &name, &pool)?;
    Ok(Response::new()
        .add_attribute("action", "remove_weight")
        .add_attribute("pool", name)
        .add_attribute("member", member)
        .add_attribute("total_weight", pool.total_weight))
}
