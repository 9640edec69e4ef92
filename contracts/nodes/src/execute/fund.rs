//! Money for rewards, for the insurance and for new nodes' bonuses.

use cosmwasm_std::{DepsMut, Env, Response, Uint128};

use crate::error::ContractError;
use crate::state::{CONFIG, add_to_pool, book};

pub fn fund(deps: DepsMut<'_>, env: &Env, amount: Uint128) -> Result<Response, ContractError> {
    let epoch = CONFIG.load(deps.storage)?.epoch(env);
    add_to_pool(deps.storage, epoch, amount)?;
    book(deps.storage, |ledger| {
        ledger.rewards = ledger.rewards.checked_add(amount)?;
        Ok(())
    })?;
    Ok(Response::new().add_attribute("action", "fund").add_attribute("amount", amount))
}

pub fn insurance(deps: DepsMut<'_>, amount: Uint128) -> Result<Response, ContractError> {
    book(deps.storage, |ledger| {
        ledger.insurance = ledger.insurance.checked_add(amount)?;
        Ok(())
    })?;
    Ok(Response::new().add_attribute("action", "fund_insurance").add_attribute("amount", amount))
}

pub fn bonus(deps: DepsMut<'_>, amount: Uint128) -> Result<Response, ContractError> {
    book(deps.storage, |ledger| {
        ledger.bonus = ledger.bonus.checked_add(amount)?;
        Ok(())
    })?;
    Ok(Response::new().add_attribute("action", "fund_bonus").add_attribute("amount", amount))
}
