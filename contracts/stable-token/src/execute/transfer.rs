//! cw20's transfer, send and burn, by the owner or by somebody with an allowance.

use cosmwasm_std::{Addr, Binary, DepsMut, Env, MessageInfo, Response, Uint128};
use cw20::Cw20ReceiveMsg;

use super::allowance::spend;
use crate::error::ContractError;
use crate::ledger;
use crate::ripening::day_of;

/// The recipient of a transfer. Units sent to the token itself would be lost.
fn recipient(deps: &DepsMut<'_>, env: &Env, name: &str) -> Result<Addr, ContractError> {
    let recipient = deps.api.addr_validate(name)?;
    if recipient == env.contract.address {
        return Err(ContractError::OwnContract);
    }
    Ok(recipient)
}

fn some(amount: Uint128) -> Result<(), ContractError> {
    if amount.is_zero() { Err(ContractError::ZeroAmount) } else { Ok(()) }
}

pub fn transfer(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    to: &str,
    amount: Uint128,
) -> Result<Response, ContractError> {
    some(amount)?;
    let to = recipient(&deps, env, to)?;
    ledger::transfer(deps.storage, &info.sender, &to, amount, day_of(env.block.time.seconds()))?;
    Ok(Response::new()
        .add_attribute("action", "transfer")
        .add_attribute("from", &info.sender)
        .add_attribute("to", to)
        .add_attribute("amount", amount))
}

pub fn transfer_from(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    owner: &str,
    to: &str,
    amount: Uint128,
) -> Result<Response, ContractError> {
    some(amount)?;
    let (to, owner) = (recipient(&deps, env, to)?, deps.api.addr_validate(owner)?);
    spend(deps.storage, &env.block, &owner, &info.sender, amount)?;
    ledger::transfer(deps.storage, &owner, &to, amount, day_of(env.block.time.seconds()))?;
    Ok(Response::new()
        .add_attribute("action", "transfer_from")
        .add_attribute("from", owner)
        .add_attribute("to", to)
        .add_attribute("by", &info.sender)
        .add_attribute("amount", amount))
}

pub fn send(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    to: &str,
    amount: Uint128,
    msg: Binary,
) -> Result<Response, ContractError> {
    some(amount)?;
    let to = recipient(&deps, env, to)?;
    // the books are right before the receiver runs: whatever it calls back finds them so
    ledger::transfer(deps.storage, &info.sender, &to, amount, day_of(env.block.time.seconds()))?;
    let hook = Cw20ReceiveMsg { sender: info.sender.to_string(), amount, msg };
    Ok(Response::new()
        .add_message(hook.into_cosmos_msg(to.clone())?)
        .add_attribute("action", "send")
        .add_attribute("from", &info.sender)
        .add_attribute("to", to)
        .add_attribute("amount", amount))
}

pub fn send_from(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    owner: &str,
    to: &str,
    amount: Uint128,
    msg: Binary,
) -> Result<Response, ContractError> {
    some(amount)?;
    let (to, owner) = (recipient(&deps, env, to)?, deps.api.addr_validate(owner)?);
    spend(deps.storage, &env.block, &owner, &info.sender, amount)?;
    ledger::transfer(deps.storage, &owner, &to, amount, day_of(env.block.time.seconds()))?;
    let hook = Cw20ReceiveMsg { sender: info.sender.to_string(), amount, msg };
    Ok(Response::new()
        .add_message(hook.into_cosmos_msg(to.clone())?)
        .add_attribute("action", "send_from")
        .add_attribute("from", owner)
        .add_attribute("to", to)
        .add_attribute("by", &info.sender)
        .add_attribute("amount", amount))
}

pub fn burn(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    amount: Uint128,
) -> Result<Response, ContractError> {
    some(amount)?;
    ledger::burn(deps.storage, &info.sender, amount, day_of(env.block.time.seconds()))?;
    Ok(Response::new()
        .add_attribute("action", "burn")
        .add_attribute("from", &info.sender)
        .add_attribute("amount", amount))
}

pub fn burn_from(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    owner: &str,
    amount: Uint128,
) -> Result<Response, ContractError> {
    some(amount)?;
    let owner = deps.api.addr_validate(owner)?;
    spend(deps.storage, &env.block, &owner, &info.sender, amount)?;
    ledger::burn(deps.storage, &owner, amount, day_of(env.block.time.seconds()))?;
    Ok(Response::new()
        .add_attribute("action", "burn_from")
        .add_attribute("from", owner)
        .add_attribute("by", &info.sender)
        .add_attribute("amount", amount))
}
