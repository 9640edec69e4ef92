//! Validators by their operator address, and the changes of their tokens.

use iz_core::{Address, Context, Dec, Error, Int, Result};
use iz_proto::cosmos::staking::v1beta1::Validator as Wire;
use iz_store::KeyRange;

use crate::collections::decode;
use crate::staking::{errors, hooks, keys, types::Validator};

use super::{STORE, delete_validator_by_power_index, set_validator_by_power_index};

pub fn get_validator(context: &mut Context, operator: &Address) -> Result<Validator> {
    match context.get_message::<Wire>(STORE, &keys::validator(operator))? {
        Some(wire) => Validator::from_wire(wire),
        None => Err((&errors::NO_VALIDATOR_FOUND).into()),
    }
}

/// `mustGetValidator`: a validator that an index names must be there.
pub(super) fn must_get_validator(context: &mut Context, operator: &Address) -> Result<Validator> {
    get_validator(context, operator).map_err(|error| {
        if error.is_fatal() {
            error
        } else {
            Error::panic(format!("validator record not found for address: {operator:?}\n"))
        }
    })
}

pub fn get_validator_by_cons_addr(context: &mut Context, consensus: &Address) -> Result<Validator> {
    let Some(operator) = context.get(STORE, &keys::validator_by_consensus_address(consensus))? else {
        return Err((&errors::NO_VALIDATOR_FOUND).into());
    };
    get_validator(context, &Address::new(operator.to_vec()))
}

pub fn is_validator_jailed(context: &mut Context, consensus: &Address) -> Result<bool> {
    Ok(get_validator_by_cons_addr(context, consensus)?.jailed)
}

pub fn set_validator(context: &mut Context, validator: &Validator) -> Result<()> {
    let operator = validator.operator(context.addresses())?;
    context.set_message(STORE, keys::validator(&operator), &validator.clone().into_wire())
}

/// Delegates tokens to a validator: its place by power moves with them. Answers the new shares.
pub fn add_validator_tokens_and_shares(
    context: &mut Context,
    validator: &mut Validator,
    tokens: Int,
) -> Result<Dec> {
    delete_validator_by_power_index(context, validator)?;
    let shares = validator.add_tokens(tokens)?;
    set_validator(context, validator)?;
    set_validator_by_power_index(context, validator)?;
    Ok(shares)
}

/// Takes shares back from a validator. Answers the tokens they are worth.
pub fn remove_validator_tokens_and_shares(
    context: &mut Context,
    validator: &mut Validator,
    shares: Dec,
) -> Result<Int> {
    delete_validator_by_power_index(context, validator)?;
    let tokens = validator.remove_shares(shares)?;
    set_validator(context, validator)?;
    set_validator_by_power_index(context, validator)?;
    Ok(tokens)
}

pub fn remove_validator_tokens(context: &mut Context, validator: &mut Validator, tokens: Int) -> Result<()> {
    delete_validator_by_power_index(context, validator)?;
    validator.remove_tokens(tokens)?;
    set_validator(context, validator)?;
    set_validator_by_power_index(context, validator)
}

/// Forgets a validator that has left the set and to which nothing is delegated any more.
pub fn remove_validator(context: &mut Context, operator: &Address) -> Result<()> {
    let validator = match get_validator(context, operator) {
        Err(error) if error.is(&errors::NO_VALIDATOR_FOUND) => return Ok(()),
        other => other?,
    };
    if !validator.is_unbonded() {
        return Err(errors::BAD_REMOVE_VALIDATOR
            .wrap("cannot call RemoveValidator on bonded or unbonding validators"));
    }
    if validator.tokens.is_positive() {
        return Err(
            errors::BAD_REMOVE_VALIDATOR.wrap("attempting to remove a validator which still contains tokens")
        );
    }
    let consensus = validator.consensus_address()?;
    context.delete(STORE, keys::validator(operator))?;
    context.delete(STORE, keys::validator_by_consensus_address(&consensus))?;
    delete_validator_by_power_index(context, &validator)?;
    let operator = validator.operator(context.addresses())?;
    // Go only logs what a hook has against it
    match hooks::after_validator_removed(context, &consensus, &operator) {
        Err(error) if error.is_fatal() => Err(error),
        _ => Ok(()),
    }
}

/// Walks all validators in the order of their addresses, until `f` says stop.
pub fn iterate_validators(
    context: &mut Context,
    mut f: impl FnMut(&mut Context, Validator) -> Result<bool>,
) -> Result<()> {
    let mut cursor = context.iterate(STORE, KeyRange::prefix(vec![keys::VALIDATOR]))?;
    while let Some((_, value)) = cursor.entry() {
        let validator = Validator::from_wire(decode(value)?)?;
        if f(context, validator)? {
            break;
        }
        cursor.advance(context)?;
    }
    Ok(())
}

pub fn get_all_validators(context: &mut Context) -> Result<Vec<Validator>> {
    let mut validators = Vec::new();
    iterate_validators(context, |_, validator| {
        validators.push(validator);
        Ok(false)
    })?;
    Ok(validators)
}
