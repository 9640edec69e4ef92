//! Income of artefacts: it waits at the artefact until somebody settles, then goes one hop up and to the owner, by exact parts.

use cosmwasm_std::{Storage, Uint128};
use iz_contract_math::parts;

use crate::error::ContractError;
use crate::ledger;
use crate::state::{ARTEFACTS, ASSETS, INFLOWS, TOKENS};

pub fn add(storage: &mut dyn Storage, id: &str, asset: &str, amount: Uint128) -> Result<(), ContractError> {
    let mut inflow = INFLOWS.may_load(storage, (id, asset))?.unwrap_or_default();
    inflow.total = inflow.total.checked_add(amount.into())?;
    inflow.pending = inflow.pending.checked_add(amount)?;
    INFLOWS.save(storage, (id, asset), &inflow)?;
    Ok(())
}

/// Moves what waits at an artefact; at most 16 credits upstream. Gives the amount.
pub fn settle(storage: &mut dyn Storage, id: &str, asset: &str) -> Result<Uint128, ContractError> {
    let Some(mut inflow) = INFLOWS.may_load(storage, (id, asset))? else { return Ok(Uint128::zero()) };
    let amount = inflow.pending;
    if amount.is_zero() {
        return Ok(amount);
    }
    let before = inflow.remainder;
    inflow.pending = Uint128::zero();
    inflow.remainder = parts::advance(before, amount);
    INFLOWS.save(storage, (id, asset), &inflow)?;

    // the owner's part is counted as the others are: after every amount each has had the floor of its part of the whole stream,
    // and what does not divide yet, less than 17 units, stays here
    let mut owners = parts::WHOLE;
    for ancestor in ARTEFACTS.load(storage, id)?.upstream {
        owners = owners.saturating_sub(ancestor.share);
        let part = parts::part_of(before, amount, ancestor.share)?;
        if !part.is_zero() {
            add(storage, &ancestor.id, asset, part)?;
        }
    }
    let owner = TOKENS.load(storage, id)?.owner;
    ledger::owe(storage, &owner, asset, parts::part_of(before, amount, owners)?)?;
    Ok(amount)
}

/// Settles everything, so that a new owner gets future income only.
pub fn settle_all(storage: &mut dyn Storage, id: &str) -> Result<(), ContractError> {
    let listed = ASSETS.keys(storage)?;
    for asset in listed {
        settle(storage, id, &asset)?;
    }
    Ok(())
}
