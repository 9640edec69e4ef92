//! Crank, Flush: book periods that have begun, and send what apps have earned to the router. Anyone may; where the money goes is fixed. An
//! app that the router refuses keeps its fees here and stops no other.

use cosmwasm_std::{Addr, DepsMut, Env, Order, Response, StdResult, to_json_binary};
use iz_contract_types::asset::Asset;
use iz_contract_types::revenue_router;

use crate::error::ContractError;
use crate::periods;
use crate::state::{ASSETS, CONFIG, DUE, EARNED, SUBSCRIPTIONS};

pub const MOST_BOOKED: u32 = 50;

pub fn crank(deps: DepsMut<'_>, env: Env, limit: u32) -> Result<Response, ContractError> {
    if limit == 0 {
        return Err(ContractError::ZeroLimit {});
    }
    let now = env.block.time.seconds();
    let due: Vec<(u64, Addr, String)> = DUE
        .keys(deps.storage, None, None, Order::Ascending)
        .take(limit.min(MOST_BOOKED) as usize)
        .take_while(|entry| entry.as_ref().map_or(true, |(at, _, _)| *at <= now))
        .collect::<StdResult<_>>()?;
    if due.is_empty() {
        return Err(ContractError::NothingDue {});
    }
    for (_, subscriber, plan) in &due {
        let mut subscription = SUBSCRIPTIONS.load(deps.storage, (subscriber, plan))?;
        periods::book(deps.storage, subscriber, plan, &mut subscription, now)?;
    }
    Ok(Response::new().add_attribute("action", "crank").add_attribute("booked", due.len().to_string()))
}

pub fn flush(deps: DepsMut<'_>, app: String, asset: Asset) -> Result<Response, ContractError> {
    let key = asset.key();
    let amount = EARNED.may_load(deps.storage, (&app, &key))?.unwrap_or_default();
    if amount.is_zero() {
        return Err(ContractError::NothingEarned {});
    }
    EARNED.remove(deps.storage, (&app, &key));
    ASSETS.release(deps.storage, &asset, amount)?;
    let router = CONFIG.load(deps.storage)?.router;
    let native = revenue_router::ExecuteMsg::PayFee { app: app.clone(), job: None };
    let hook = revenue_router::ReceiveMsg::PayFee { app: app.clone(), job: None };
    let payment = asset.call(router.as_str(), amount, to_json_binary(&native)?, to_json_binary(&hook)?)?;
    Ok(Response::new()
        .add_message(payment)
        .add_attribute("action", "flush")
        .add_attribute("app", app)
        .add_attribute("asset", key)
        .add_attribute("amount", amount))
}
