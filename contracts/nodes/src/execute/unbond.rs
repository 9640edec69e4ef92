//! Bond leaves over 14 days, slashable all the while. Who takes all of it leaves, and forfeits what is in escrow.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Uint128};
use iz_contract_types::nodes::{Status, Unbonding};

use super::benchmark;
use crate::error::ContractError;
use crate::rewards;
use crate::state::{CONFIG, MAXIMUM_UNBONDING, NODES, TERMS, UNBONDING, add_to_pool, book, node};

pub fn unbond(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    amount: Uint128,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let terms = TERMS.load(deps.storage)?;
    let mut own = node(deps.storage, &info.sender)?;
    own.active()?;
    if amount.is_zero() {
        return Err(ContractError::NothingDue);
    }
    let rest = own.bond.checked_sub(amount)?;
    if !rest.is_zero() && rest < terms.minimum_bond {
        return Err(ContractError::BondTooLow { bond: rest, minimum: terms.minimum_bond });
    }
    if own.unbonding.len() >= MAXIMUM_UNBONDING {
        return Err(ContractError::TooManyUnbonding { maximum: MAXIMUM_UNBONDING });
    }
    own.bond = rest;
    let matures = env.block.time.seconds().saturating_add(UNBONDING);
    own.unbonding.push(Unbonding { amount, matures });
    let mut forfeited = Uint128::zero();
    if rest.is_zero() {
        own.status = Status::Exited;
        forfeited = std::mem::take(&mut own.escrow);
        benchmark::leave(deps.storage, &mut own)?;
        add_to_pool(deps.storage, config.epoch(env), forfeited)?;
    }
    NODES.save(deps.storage, &info.sender, &own)?;
    book(deps.storage, |ledger| {
        ledger.bonds = ledger.bonds.checked_sub(amount)?;
        ledger.unbonding = ledger.unbonding.checked_add(amount)?;
        ledger.escrow = ledger.escrow.checked_sub(forfeited)?;
        ledger.rewards = ledger.rewards.checked_add(forfeited)?;
        Ok(())
    })?;
    rewards::refresh(deps.storage, &config, &terms, &info.sender, &own, config.epoch(env))?;
    Ok(Response::new()
        .add_attribute("action", "unbond")
        .add_attribute("operator", &info.sender)
        .add_attribute("amount", amount)
        .add_attribute("forfeited", forfeited))
}

pub fn withdraw(deps: DepsMut<'_>, env: &Env, info: &MessageInfo) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let mut own = node(deps.storage, &info.sender)?;
    let now = env.block.time.seconds();
    let mut due = Uint128::zero();
    let mut waiting = Vec::with_capacity(own.unbonding.len());
    for part in own.unbonding {
        if part.matures <= now {
            due = due.checked_add(part.amount)?;
        } else {
            waiting.push(part);
        }
    }
    if due.is_zero() {
        return Err(ContractError::NothingDue);
    }
    own.unbonding = waiting;
    NODES.save(deps.storage, &info.sender, &own)?;
    book(deps.storage, |ledger| {
        ledger.unbonding = ledger.unbonding.checked_sub(due)?;
        Ok(())
    })?;
    Ok(Response::new()
        .add_message(config.asset.transfer(info.sender.as_str(), due)?)
        .add_attribute("action", "withdraw")
        .add_attribute("operator", &info.sender)
        .add_attribute("amount", due))
}
