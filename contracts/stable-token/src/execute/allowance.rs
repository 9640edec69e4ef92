//! cw20's allowances. Each is stored twice, so that owner and spender can both list theirs.

use cosmwasm_std::{Addr, BlockInfo, DepsMut, Env, MessageInfo, Response, Storage, Uint128};
use cw20::{AllowanceResponse, Expiration};

use crate::error::ContractError;
use crate::state::{ALLOWANCES, ALLOWANCES_SPENDER};

fn save(
    storage: &mut dyn Storage,
    owner: &Addr,
    spender: &Addr,
    allowance: &AllowanceResponse,
) -> Result<(), ContractError> {
    if allowance.allowance.is_zero() {
        ALLOWANCES.remove(storage, (owner, spender));
        ALLOWANCES_SPENDER.remove(storage, (spender, owner));
    } else {
        ALLOWANCES.save(storage, (owner, spender), allowance)?;
        ALLOWANCES_SPENDER.save(storage, (spender, owner), allowance)?;
    }
    Ok(())
}

/// Who may spend, checked, and until when.
fn terms(
    deps: &DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    spender: &str,
    expires: Option<Expiration>,
) -> Result<(Addr, Option<AllowanceResponse>), ContractError> {
    let spender = deps.api.addr_validate(spender)?;
    if spender == info.sender {
        return Err(ContractError::OwnAccount);
    }
    if expires.is_some_and(|expires| expires.is_expired(&env.block)) {
        return Err(ContractError::InvalidExpiration);
    }
    let current = ALLOWANCES.may_load(deps.storage, (&info.sender, &spender))?;
    Ok((spender, current))
}

pub fn increase(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    spender: &str,
    amount: Uint128,
    expires: Option<Expiration>,
) -> Result<Response, ContractError> {
    let (spender, current) = terms(&deps, env, info, spender, expires)?;
    let mut allowance = current.unwrap_or_default();
    allowance.allowance = allowance.allowance.checked_add(amount)?;
    allowance.expires = expires.unwrap_or(allowance.expires);
    save(deps.storage, &info.sender, &spender, &allowance)?;
    Ok(answer("increase_allowance", info, spender, amount))
}

pub fn decrease(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    spender: &str,
    amount: Uint128,
    expires: Option<Expiration>,
) -> Result<Response, ContractError> {
    let (spender, current) = terms(&deps, env, info, spender, expires)?;
    let mut allowance = current.ok_or(ContractError::NoAllowance)?;
    allowance.allowance = allowance.allowance.saturating_sub(amount);
    allowance.expires = expires.unwrap_or(allowance.expires);
    save(deps.storage, &info.sender, &spender, &allowance)?;
    Ok(answer("decrease_allowance", info, spender, amount))
}

fn answer(action: &str, info: &MessageInfo, spender: Addr, amount: Uint128) -> Response {
    Response::new()
        .add_attribute("action", action)
        .add_attribute("owner", &info.sender)
        .add_attribute("spender", spender)
        .add_attribute("amount", amount)
}

/// Takes an amount out of an allowance.
pub fn spend(
    storage: &mut dyn Storage,
    block: &BlockInfo,
    owner: &Addr,
    spender: &Addr,
    amount: Uint128,
) -> Result<(), ContractError> {
    let current = ALLOWANCES.may_load(storage, (owner, spender))?;
    let mut allowance = current.ok_or(ContractError::NoAllowance)?;
    if allowance.expires.is_expired(block) {
        return Err(ContractError::AllowanceExpired);
    }
    let Ok(left) = allowance.allowance.checked_sub(amount) else {
        return Err(ContractError::InsufficientAllowance { allowance: allowance.allowance, needed: amount });
    };
    allowance.allowance = left;
    save(storage, owner, spender, &allowance)
}
