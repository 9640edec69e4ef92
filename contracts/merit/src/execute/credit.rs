//! Merit for verified work, of one member or of many.

use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, Response, Uint128, Uint512};
use iz_contract_types::merit::MemberCredit;

use super::{check_reason, only_minters};
use crate::error::ContractError;
use crate::state::{Sums, tick};

pub const MOST_CREDITS: usize = 256;

pub fn credit(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    member: &str,
    amount: Uint128,
    reason: &str,
) -> Result<Response, ContractError> {
    let credit = MemberCredit { member: member.to_string(), amount };
    credit_all(deps, env, info, std::slice::from_ref(&credit), reason)?;
    Ok(Response::new()
        .add_attribute("action", "credit")
        .add_attribute("minter", &info.sender)
        .add_attribute("member", member)
        .add_attribute("amount", amount)
        .add_attribute("reason", reason))
}

pub fn credit_many(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    credits: &[MemberCredit],
    reason: &str,
) -> Result<Response, ContractError> {
    let total = credit_all(deps, env, info, credits, reason)?;
    Ok(Response::new()
        .add_attribute("action", "credit_many")
        .add_attribute("minter", &info.sender)
        .add_attribute("members", credits.len().to_string())
        .add_attribute("amount", total)
        .add_attribute("reason", reason))
}

/// All of them or none, and how much together.
fn credit_all(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    credits: &[MemberCredit],
    reason: &str,
) -> Result<Uint128, ContractError> {
    only_minters(deps.storage, &info.sender)?;
    check_reason(reason)?;
    let checked = check(&deps, credits)?;
    let clock = tick(deps.storage, env)?;
    let mut sums = Sums::load(deps.storage, &clock)?;
    let growth = clock.growth()?;
    let mut total = Uint128::zero();
    for (address, amount) in checked {
        total = total.checked_add(amount)?;
        let units = Uint512::from(amount).checked_mul(growth)?;
        sums.change(deps.storage, env, &address, true, |member| {
            member.own.current = member.own.current.checked_add(units)?;
            Ok(())
        })?;
    }
    sums.save(deps.storage, env)?;
    Ok(total)
}

fn check(deps: &DepsMut<'_>, credits: &[MemberCredit]) -> Result<Vec<(Addr, Uint128)>, ContractError> {
    if credits.is_empty() {
        return Err(ContractError::NoCredits);
    }
    if credits.len() > MOST_CREDITS {
        return Err(ContractError::ListTooLong { length: credits.len(), most: MOST_CREDITS });
    }
    for pair in credits.windows(2) {
        if let [first, second] = pair
            && first.member >= second.member
        {
            let (first, second) = (first.member.clone(), second.member.clone());
            return Err(ContractError::Unsorted { first, second });
        }
    }
    let entry = |credit: &MemberCredit| {
        if credit.amount.is_zero() {
            return Err(ContractError::ZeroAmount);
        }
        Ok((deps.api.addr_validate(&credit.member)?, credit.amount))
    };
    credits.iter().map(entry).collect()
}
