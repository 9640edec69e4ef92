//! Merit for verified work.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Uint128, Uint512};

use super::{check_reason, only_minters};
use crate::error::ContractError;
use crate::state::{change_member, tick};

pub fn credit(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    member: &str,
    amount: Uint128,
    reason: &str,
) -> Result<Response, ContractError> {
    only_minters(deps.storage, &info.sender)?;
    check_reason(reason)?;
    if amount.is_zero() {
        return Err(ContractError::ZeroAmount);
    }
    let address = deps.api.addr_validate(member)?;
    let clock = tick(deps.storage, env)?;
    let units = Uint512::from(amount).checked_mul(clock.growth()?)?;
    change_member(deps.storage, env, &clock, &address, true, |member| {
        member.own.current = member.own.current.checked_add(units)?;
        Ok(())
    })?;
    Ok(Response::new()
        .add_attribute("action", "credit")
        .add_attribute("minter", &info.sender)
        .add_attribute("member", address)
        .add_attribute("amount", amount)
        .add_attribute("reason", reason))
}
