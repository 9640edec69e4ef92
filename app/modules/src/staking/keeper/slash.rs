//! Slashing: tokens of a validator, and of those who left it since the infraction, are burned.

use iz_core::{Address, Context, Dec, Error, Int, Result};

use crate::staking::{
    errors, hooks,
    types::{Redelegation, Status, UnbondingDelegation, Validator, tokens_of_power},
};

use super::{
    burn_bonded_tokens, burn_not_bonded_tokens, get_delegation, get_redelegations_from_src_validator,
    get_unbonding_delegation, get_unbonding_delegations_from_validator, get_validator,
    get_validator_by_cons_addr, remove_validator_tokens, set_unbonding_delegation,
    transitions::{jail_validator, unjail_validator},
    unbond,
};

/// Slashes a part of the power that a validator had at the height of its infraction. Answers the validator's tokens that were burned.
pub fn slash(
    context: &mut Context,
    consensus: &Address,
    infraction_height: i64,
    power: i64,
    factor: Dec,
) -> Result<Int> {
    if factor.is_negative() {
        return Err(Error::plain(format!("attempted to slash with a negative slash factor: {factor}")));
    }
    let mut remaining = Dec::from_int(tokens_of_power(power)?).mul(factor)?.truncate_int()?;
    let mut validator = match get_validator_by_cons_addr(context, consensus) {
        // it may have unbonded and been forgotten meanwhile
        Err(error) if error.is(&errors::NO_VALIDATOR_FOUND) => return Ok(Int::ZERO),
        other => other?,
    };
    if validator.is_unbonded() {
        return Err(Error::plain(format!(
            "should not be slashing unbonded validator: {}",
            validator.operator_address
        )));
    }
    let operator = validator.operator(context.addresses())?;
    let height = context.height();
    if infraction_height > height {
        return Err(Error::plain(format!(
            "impossible attempt to slash future infraction at height {infraction_height} but we are at height {height}"
        )));
    }
    if infraction_height < height {
        for unbonding in get_unbonding_delegations_from_validator(context, &operator)? {
            let slashed = slash_unbonding_delegation(context, unbonding, infraction_height, factor)?;
            remaining = remaining.sub(slashed)?;
        }
        for redelegation in get_redelegations_from_src_validator(context, &operator)? {
            let slashed = slash_redelegation(context, &redelegation, infraction_height, factor)?;
            remaining = remaining.sub(slashed)?;
        }
    }
    let burned = remaining.min(validator.tokens).max(Int::ZERO);
    if burned.is_zero() {
        return Ok(Int::ZERO);
    }
    burn_from_validator(context, &mut validator, &operator, burned)?;
    Ok(burned)
}

fn burn_from_validator(
    context: &mut Context,
    validator: &mut Validator,
    operator: &Address,
    burned: Int,
) -> Result<()> {
    if validator.tokens.is_positive() {
        let fraction = Dec::from_int(burned).quo_round_up(Dec::from_int(validator.tokens))?;
        // Go only logs what a hook has against it
        match hooks::before_validator_slashed(context, operator, fraction.min(Dec::one())) {
            Err(error) if error.is_fatal() => return Err(error),
            _ => {}
        }
    }
    remove_validator_tokens(context, validator, burned)?;
    match validator.status {
        Status::Bonded => burn_bonded_tokens(context, burned),
        Status::Unbonding | Status::Unbonded => burn_not_bonded_tokens(context, burned),
        Status::Unspecified => Err(Error::panic("invalid validator status")),
    }
}

/// Takes its part from what is unbonding since the infraction. Answers the part, of which less may have been left to burn.
fn slash_unbonding_delegation(
    context: &mut Context,
    mut unbonding: UnbondingDelegation,
    infraction_height: i64,
    factor: Dec,
) -> Result<Int> {
    let now = context.time();
    let (mut total, mut burned) = (Int::ZERO, Int::ZERO);
    for place in 0..unbonding.entries.len() {
        let Some(entry) = unbonding.entries.get_mut(place) else { break };
        // it left before the infraction, or it is already owed in full
        if entry.creation_height < infraction_height || entry.can_complete(now) {
            continue;
        }
        let part = factor.mul_int(entry.initial_balance)?.truncate_int()?;
        total = total.add(part)?;
        let taken = part.min(entry.balance);
        if taken.is_zero() {
            continue;
        }
        burned = burned.add(taken)?;
        entry.balance = entry.balance.sub(taken)?;
        set_unbonding_delegation(context, &unbonding)?;
    }
    burn_not_bonded_tokens(context, burned)?;
    Ok(total)
}

/// Takes its part from what was moved away since the infraction: first from what unbonds at the destination, then from the shares there.
fn slash_redelegation(
    context: &mut Context,
    redelegation: &Redelegation,
    infraction_height: i64,
    factor: Dec,
) -> Result<Int> {
    let now = context.time();
    let destination = context.addresses().parse_validator(&redelegation.validator_dst_address)?;
    let delegator = context.addresses().parse_account(&redelegation.delegator_address)?;
    let (mut total, mut bonded, mut not_bonded) = (Int::ZERO, Int::ZERO, Int::ZERO);
    for entry in &redelegation.entries {
        if entry.creation_height < infraction_height || entry.can_complete(now) {
            continue;
        }
        let mut part = factor.mul_int(entry.initial_balance)?.truncate_int()?;
        total = total.add(part)?;
        let taken = slash_from_unbonding(context, &delegator, &destination, infraction_height, part)?;
        part = part.sub(taken)?;
        not_bonded = not_bonded.add(taken)?;

        let shares = factor.mul(entry.shares_dst)?;
        if shares.is_zero() || part.is_zero() {
            continue;
        }
        let held = match get_delegation(context, &delegator, &destination) {
            Err(error) if error.is_fatal() => return Err(error),
            // nothing is delegated there any more
            Err(_) => continue,
            Ok(delegation) => delegation.shares,
        };
        let burned = unbond(context, &delegator, &destination, shares.min(held))?;
        match get_validator(context, &destination)?.status {
            Status::Bonded => bonded = bonded.add(burned)?,
            Status::Unbonded | Status::Unbonding => not_bonded = not_bonded.add(burned)?,
            Status::Unspecified => return Err(Error::panic("unknown validator status")),
        }
    }
    burn_bonded_tokens(context, bonded)?;
    burn_not_bonded_tokens(context, not_bonded)?;
    Ok(total)
}

/// Takes up to `amount` from what a delegator has unbonding at a validator since a height. Answers what was taken.
fn slash_from_unbonding(
    context: &mut Context,
    delegator: &Address,
    validator: &Address,
    since: i64,
    amount: Int,
) -> Result<Int> {
    let mut unbonding = match get_unbonding_delegation(context, delegator, validator) {
        Err(error) if error.is_fatal() => return Err(error),
        Err(_) => return Ok(Int::ZERO),
        Ok(unbonding) => unbonding,
    };
    let now = context.time();
    let mut left = amount;
    for place in 0..unbonding.entries.len() {
        let Some(entry) = unbonding.entries.get_mut(place) else { break };
        let taken = left.min(entry.balance);
        if taken.is_zero() || entry.creation_height < since || entry.can_complete(now) {
            continue;
        }
        left = left.sub(taken)?;
        entry.balance = entry.balance.sub(taken)?;
        set_unbonding_delegation(context, &unbonding)?;
    }
    amount.sub(left)
}

/// A validator that consensus knows must be there.
fn must_get_by_cons_addr(context: &mut Context, consensus: &Address) -> Result<Validator> {
    get_validator_by_cons_addr(context, consensus).map_err(|error| {
        if error.is_fatal() {
            return error;
        }
        let address = context.addresses().consensus(consensus);
        Error::panic(format!("validator with consensus-Address {address} not found"))
    })
}

pub fn jail(context: &mut Context, consensus: &Address) -> Result<()> {
    let mut validator = must_get_by_cons_addr(context, consensus)?;
    jail_validator(context, &mut validator)
}

pub fn unjail(context: &mut Context, consensus: &Address) -> Result<()> {
    let mut validator = must_get_by_cons_addr(context, consensus)?;
    unjail_validator(context, &mut validator)
}
