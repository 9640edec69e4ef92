//! What the admin decides: pools, assets, bounds, sinks and routes. None of it moves what is owed to anybody.

use cosmwasm_std::{Api, DepsMut, Env, MessageInfo, Response, Uint128};
use iz_contract_types::asset::Asset;
use iz_contract_types::revenue_router::{AssetStatus, Policy, PoolPayout, Route, Sink, Sinks};

use crate::apps;
use crate::error::ContractError;
use crate::ibc;
use crate::names;
use crate::pools;
use crate::state::{ADMIN, ASSETS, POLICY, POOLS, Pool, ROUTES, SINKS};

pub const SHORTEST_PERIOD: u64 = 24 * 3_600;

fn only_admin(deps: &DepsMut<'_>, info: &MessageInfo) -> Result<(), ContractError> {
    if ADMIN.load(deps.storage)? == info.sender {
        return Ok(());
    }
    Err(ContractError::Unauthorized { sender: info.sender.clone(), who: "the admin".to_string() })
}

pub fn check_asset(api: &dyn Api, asset: &Asset) -> Result<(), ContractError> {
    if let Asset::Cw20 { address } = asset {
        api.addr_validate(address)?;
    }
    Ok(())
}

/// Pools may be named before they are created: fees that need one that is missing are refused.
pub fn check_sinks(api: &dyn Api, sinks: &Sinks) -> Result<(), ContractError> {
    api.addr_validate(&sinks.ainft)?;
    for sink in [&sinks.nodes, &sinks.insurance, &sinks.pledge, &sinks.research, &sinks.treasury] {
        match sink {
            Sink::Pool { pool } => names::check("pool", pool)?,
            Sink::Account { address } | Sink::Contract { address, .. } => {
                api.addr_validate(address)?;
            }
        }
    }
    Ok(())
}

fn check_payout(payout: &PoolPayout) -> Result<(), ContractError> {
    match payout {
        PoolPayout::Periodic { seconds, .. } if *seconds < SHORTEST_PERIOD => {
            Err(ContractError::PeriodTooShort { seconds: *seconds, least: SHORTEST_PERIOD })
        }
        _ => Ok(()),
    }
}

pub fn create_pool(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    name: String,
    controller: String,
    mut payout: PoolPayout,
) -> Result<Response, ContractError> {
    only_admin(&deps, &info)?;
    names::check("pool", &name)?;
    if POOLS.has(deps.storage, &name) {
        return Err(ContractError::PoolTaken { pool: name });
    }
    check_payout(&payout)?;
    if let PoolPayout::Periodic { minimum, .. } = &mut payout {
        // a payment of nothing is no payment
        *minimum = (*minimum).max(Uint128::one());
    }
    let pool = Pool {
        controller: deps.api.addr_validate(&controller)?,
        payout,
        created: env.block.time,
        total_weight: Uint128::zero(),
        assets: vec![],
    };
    POOLS.save(deps.storage, &name, &pool)?;
    Ok(Response::new().add_attribute("action", "create_pool").add_attribute("pool", name))
}

pub fn set_controller(
    deps: DepsMut<'_>,
    info: MessageInfo,
    name: String,
    controller: String,
) -> Result<Response, ContractError> {
    only_admin(&deps, &info)?;
    let mut pool = pools::load(deps.storage, &name)?;
    pool.controller = deps.api.addr_validate(&controller)?;
    POOLS.save(deps.storage, &name, &pool)?;
    Ok(Response::new()
        .add_attribute("action", "set_controller")
        .add_attribute("pool", name)
        .add_attribute("controller", controller))
}

pub fn set_asset(
    deps: DepsMut<'_>,
    info: MessageInfo,
    asset: Asset,
    status: AssetStatus,
) -> Result<Response, ContractError> {
    only_admin(&deps, &info)?;
    check_asset(deps.api, &asset)?;
    ASSETS.set(deps.storage, &asset, status == AssetStatus::Active)?;
    Ok(Response::new().add_attribute("action", "set_asset").add_attribute("asset", asset.key()))
}

pub fn set_policy(deps: DepsMut<'_>, info: MessageInfo, policy: Policy) -> Result<Response, ContractError> {
    only_admin(&deps, &info)?;
    apps::check_policy(&policy)?;
    POLICY.save(deps.storage, &policy)?;
    Ok(Response::new().add_attribute("action", "set_policy"))
}

pub fn set_sinks(deps: DepsMut<'_>, info: MessageInfo, sinks: Sinks) -> Result<Response, ContractError> {
    only_admin(&deps, &info)?;
    check_sinks(deps.api, &sinks)?;
    SINKS.save(deps.storage, &sinks)?;
    Ok(Response::new().add_attribute("action", "set_sinks"))
}

pub fn set_route(
    deps: DepsMut<'_>,
    info: MessageInfo,
    name: String,
    route: Option<Route>,
) -> Result<Response, ContractError> {
    only_admin(&deps, &info)?;
    names::check("route", &name)?;
    match &route {
        Some(route) => {
            ibc::check_route(route)?;
            ROUTES.save(deps.storage, &name, route)?;
        }
        None => ROUTES.remove(deps.storage, &name),
    }
    Ok(Response::new().add_attribute("action", "set_route").add_attribute("route", name))
}

pub fn update_admin(deps: DepsMut<'_>, info: MessageInfo, admin: String) -> Result<Response, ContractError> {
    only_admin(&deps, &info)?;
    ADMIN.save(deps.storage, &deps.api.addr_validate(&admin)?)?;
    Ok(Response::new().add_attribute("action", "update_admin").add_attribute("admin", admin))
}
