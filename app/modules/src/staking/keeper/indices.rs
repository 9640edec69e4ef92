//! Where validators are found beside their operator address: by consensus key, by power, and in the set of the last block.

use iz_core::{Address, Context, Error, Int, Result};
use iz_proto::{
    cosmos::{base::v1beta1::IntProto, staking::v1beta1::ValidatorUpdates},
    tendermint::abci::ValidatorUpdate,
};
use iz_store::KeyRange;

use crate::collections::decode;
use crate::staking::{keys, types::Validator};

use super::{STORE, get_params, get_validator, validator::must_get_validator};

pub fn set_validator_by_cons_addr(context: &mut Context, validator: &Validator) -> Result<()> {
    let consensus = validator.consensus_address()?;
    let operator = validator.operator(context.addresses())?;
    let key = keys::validator_by_consensus_address(&consensus);
    context.set(STORE, key, operator.as_bytes().to_vec())
}

/// A jailed validator has no place by power.
pub fn set_validator_by_power_index(context: &mut Context, validator: &Validator) -> Result<()> {
    if validator.jailed { Ok(()) } else { set_new_validator_by_power_index(context, validator) }
}

pub fn set_new_validator_by_power_index(context: &mut Context, validator: &Validator) -> Result<()> {
    let operator = validator.operator(context.addresses())?;
    let key = keys::validator_by_power(validator.tokens, &operator)?;
    context.set(STORE, key, operator.as_bytes().to_vec())
}

pub fn delete_validator_by_power_index(context: &mut Context, validator: &Validator) -> Result<()> {
    let operator = validator.operator(context.addresses())?;
    context.delete(STORE, keys::validator_by_power(validator.tokens, &operator)?)
}

/// Walks the members of the set from the most powerful down, until `f` says stop.
pub fn iterate_bonded_validators_by_power(
    context: &mut Context,
    mut f: impl FnMut(&mut Context, Validator) -> Result<bool>,
) -> Result<()> {
    let most = get_params(context)?.max_validators;
    let mut cursor = context.iterate_reverse(STORE, KeyRange::prefix(vec![keys::VALIDATOR_BY_POWER]))?;
    let mut seen = 0;
    while let Some((_, operator)) = cursor.entry() {
        if seen >= most {
            break;
        }
        let validator = must_get_validator(context, &Address::new(operator.to_vec()))?;
        if validator.is_bonded() {
            if f(context, validator)? {
                break;
            }
            seen += 1;
        }
        cursor.advance(context)?;
    }
    Ok(())
}

pub fn set_last_validator_power(context: &mut Context, operator: &Address, power: i64) -> Result<()> {
    // google.protobuf.Int64Value is a message with the number in its first field, as prost has i64 itself
    context.set_message(STORE, keys::last_validator_power(operator), &power)
}

pub fn delete_last_validator_power(context: &mut Context, operator: &Address) -> Result<()> {
    context.delete(STORE, keys::last_validator_power(operator))
}

/// Walks the set of the last block, until `f` says stop.
pub fn iterate_last_validator_powers(
    context: &mut Context,
    mut f: impl FnMut(&mut Context, Address, i64) -> Result<bool>,
) -> Result<()> {
    let mut cursor = context.iterate(STORE, KeyRange::prefix(vec![keys::LAST_VALIDATOR_POWER]))?;
    while let Some((key, value)) = cursor.entry() {
        let (operator, power) = (keys::address_of(key), decode::<i64>(value)?);
        if f(context, operator, power)? {
            break;
        }
        cursor.advance(context)?;
    }
    Ok(())
}

/// The set of the last block, in the order of the operators' addresses.
pub fn get_last_validators(context: &mut Context) -> Result<Vec<Validator>> {
    let most = usize::try_from(get_params(context)?.max_validators).unwrap_or(usize::MAX);
    let mut validators = Vec::new();
    iterate_last_validator_powers(context, |context, operator, _| {
        if validators.len() >= most {
            return Err(Error::panic("more validators than maxValidators found"));
        }
        validators.push(get_validator(context, &operator)?);
        Ok(false)
    })?;
    Ok(validators)
}

pub fn get_last_total_power(context: &mut Context) -> Result<Int> {
    let stored: Option<IntProto> = context.get_message(STORE, &[keys::LAST_TOTAL_POWER])?;
    stored.map_or(Ok(Int::ZERO), |stored| Int::from_wire(&stored.int))
}

pub fn set_last_total_power(context: &mut Context, power: Int) -> Result<()> {
    context.set_message(STORE, vec![keys::LAST_TOTAL_POWER], &IntProto { int: power.to_string() })
}

pub fn set_validator_updates(context: &mut Context, updates: &[ValidatorUpdate]) -> Result<()> {
    let updates = ValidatorUpdates { updates: updates.to_vec() };
    context.set_message(STORE, vec![keys::VALIDATOR_UPDATES], &updates)
}
