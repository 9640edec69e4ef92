//! Delegating tokens, and taking shares back.

use iz_core::{Address, Context, Dec, Error, Int, Result, errors::sdk};

use crate::{
    bank,
    module_accounts::{BONDED_POOL, NOT_BONDED_POOL},
    staking::{
        errors, hooks,
        types::{Delegation, Status, Validator},
    },
};

use super::{
    add_validator_tokens_and_shares, bonded_tokens_to_not_bonded, get_delegation, get_validator,
    not_bonded_tokens_to_bonded, pool::bond_coins, remove_delegation, remove_validator,
    remove_validator_tokens_and_shares, set_delegation, transitions::jail_validator,
    validator::must_get_validator,
};

/// Where delegated tokens come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenSource {
    /// The delegator's account.
    Account,
    /// The pool for validators of this status.
    Pool(Status),
}

/// Delegates tokens to a validator. Answers the new shares.
pub fn delegate(
    context: &mut Context,
    delegator: &Address,
    amount: Int,
    source: TokenSource,
    validator: &Validator,
) -> Result<Dec> {
    // every token was slashed: there is no right number of shares
    if validator.has_invalid_exchange_rate() {
        return Err((&errors::DELEGATOR_SHARE_EX_RATE_INVALID).into());
    }
    let operator = validator.operator(context.addresses())?;
    let mut delegation = match get_delegation(context, delegator, &operator) {
        Ok(delegation) => {
            hooks::before_delegation_shares_modified(context, delegator, &operator)?;
            delegation
        }
        Err(error) if error.is(&errors::NO_DELEGATION) => {
            hooks::before_delegation_created(context, &operator)?;
            Delegation {
                delegator_address: context.addresses().account(delegator),
                validator_address: validator.operator_address.clone(),
                shares: Dec::ZERO,
            }
        }
        Err(error) => return Err(error),
    };
    move_tokens(context, delegator, amount, source, validator.status)?;
    let shares = add_validator_tokens_and_shares(context, &mut validator.clone(), amount)?;
    delegation.shares = delegation.shares.add(shares)?;
    set_delegation(context, &delegation)?;
    hooks::after_delegation_modified(context, delegator, &operator)?;
    Ok(shares)
}

/// Brings tokens to the pool of a validator's status.
fn move_tokens(
    context: &mut Context,
    delegator: &Address,
    amount: Int,
    source: TokenSource,
    status: Status,
) -> Result<()> {
    let to_bonded = status == Status::Bonded;
    match source {
        TokenSource::Account => {
            let pool = match status {
                Status::Bonded => BONDED_POOL,
                Status::Unbonding | Status::Unbonded => NOT_BONDED_POOL,
                Status::Unspecified => return Err(Error::panic("invalid validator status")),
            };
            let coins = bond_coins(context, amount)?;
            bank::keeper::delegate_coins_from_account_to_module(context, delegator, pool, &coins)
        }
        TokenSource::Pool(Status::Bonded) if to_bonded => Ok(()),
        TokenSource::Pool(Status::Bonded) => bonded_tokens_to_not_bonded(context, amount),
        TokenSource::Pool(Status::Unbonded | Status::Unbonding) if to_bonded => {
            not_bonded_tokens_to_bonded(context, amount)
        }
        TokenSource::Pool(Status::Unbonded | Status::Unbonding) => Ok(()),
        TokenSource::Pool(Status::Unspecified) => Err(Error::panic("unknown token source bond status")),
    }
}

/// Takes shares back from a validator. Answers their tokens, which stay in the pool where they are.
pub fn unbond(context: &mut Context, delegator: &Address, validator: &Address, shares: Dec) -> Result<Int> {
    let mut delegation = match get_delegation(context, delegator, validator) {
        Err(error) if error.is(&errors::NO_DELEGATION) => {
            return Err((&errors::NO_DELEGATOR_FOR_ADDRESS).into());
        }
        other => other?,
    };
    hooks::before_delegation_shares_modified(context, delegator, validator)?;
    if delegation.shares < shares {
        return Err(errors::NOT_ENOUGH_DELEGATION_SHARES.wrap(delegation.shares));
    }
    let mut state = get_validator(context, validator)?;
    delegation.shares = delegation.shares.sub(shares)?;
    let owner = context.addresses().parse_account(&delegation.delegator_address)?;
    let operator = state.operator(context.addresses())?;
    // an operator that keeps too little of its own is out
    if owner == operator
        && !state.jailed
        && state.tokens_from_shares(delegation.shares)?.truncate_int()? < state.min_self_delegation
    {
        jail_validator(context, &mut state)?;
        state = must_get_validator(context, &operator)?;
    }
    if delegation.shares.is_zero() {
        remove_delegation(context, &delegation)?;
    } else {
        set_delegation(context, &delegation)?;
        let validator = context.addresses().parse_validator(&delegation.validator_address)?;
        hooks::after_delegation_modified(context, &owner, &validator)?;
    }
    let amount = remove_validator_tokens_and_shares(context, &mut state, shares)?;
    if state.delegator_shares.is_zero() && state.is_unbonded() {
        // had it been in the set, it goes when its unbonding ends
        remove_validator(context, &operator)?;
    }
    Ok(amount)
}

/// Shares that make an amount of tokens, if the delegator has that many.
pub fn validate_unbond_amount(
    context: &mut Context,
    delegator: &Address,
    validator: &Address,
    amount: Int,
) -> Result<Dec> {
    let state = get_validator(context, validator)?;
    let delegation = get_delegation(context, delegator, validator)?;
    let shares = state.shares_from_tokens(amount)?;
    let truncated = state.shares_from_tokens_truncated(amount)?;
    if truncated > delegation.shares {
        return Err(sdk::INVALID_REQUEST.wrap("invalid shares amount"));
    }
    // rounding may ask for a little more than there is
    Ok(shares.min(delegation.shares))
}
