//! Unbonding delegations, their index by validator, and the numbers that all unbondings get.

use iz_core::{Address, Context, Int, Result, Timestamp};
use iz_proto::cosmos::staking::v1beta1::UnbondingDelegation as Wire;
use iz_store::KeyRange;

use crate::collections::decode;
use crate::staking::{
    errors, keys,
    types::{UnbondingDelegation, UnbondingEntry},
};

use super::{STORE, get_params};

/// What a number of an unbonding stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UnbondingKind {
    Delegation = 1,
    Redelegation = 2,
    Validator = 3,
}

/// The next number for something that unbonds.
pub(super) fn increment_unbonding_id(context: &mut Context) -> Result<u64> {
    let last = context.get(STORE, &[keys::UNBONDING_ID])?;
    let last =
        last.as_deref().and_then(|bytes| bytes.first_chunk::<8>()).copied().map_or(0, u64::from_be_bytes);
    let id = last.wrapping_add(1);
    context.set(STORE, vec![keys::UNBONDING_ID], id.to_be_bytes().to_vec())?;
    Ok(id)
}

/// Notes under which key the unbonding with this number lies, and of what kind it is.
pub(super) fn index_unbonding(
    context: &mut Context,
    id: u64,
    key: Vec<u8>,
    kind: UnbondingKind,
) -> Result<()> {
    context.set(STORE, keys::unbonding_index(id), key)?;
    context.set(STORE, keys::unbonding_type(id), (kind as u64).to_be_bytes().to_vec())
}

pub(super) fn delete_unbonding_index(context: &mut Context, id: u64) -> Result<()> {
    context.delete(STORE, keys::unbonding_index(id))
}

pub fn get_unbonding_delegation(
    context: &mut Context,
    delegator: &Address,
    validator: &Address,
) -> Result<UnbondingDelegation> {
    match context.get_message::<Wire>(STORE, &keys::unbonding(delegator, validator))? {
        Some(wire) => UnbondingDelegation::from_wire(wire),
        None => Err((&errors::NO_UNBONDING_DELEGATION).into()),
    }
}

pub fn set_unbonding_delegation(context: &mut Context, unbonding: &UnbondingDelegation) -> Result<()> {
    let (delegator, validator) = parties(context, unbonding)?;
    context.set_message(STORE, keys::unbonding(&delegator, &validator), &unbonding.to_wire())?;
    context.set(STORE, keys::unbonding_by_validator(&delegator, &validator), Vec::new())
}

pub fn remove_unbonding_delegation(context: &mut Context, unbonding: &UnbondingDelegation) -> Result<()> {
    let (delegator, validator) = parties(context, unbonding)?;
    context.delete(STORE, keys::unbonding(&delegator, &validator))?;
    context.delete(STORE, keys::unbonding_by_validator(&delegator, &validator))
}

fn parties(context: &Context, unbonding: &UnbondingDelegation) -> Result<(Address, Address)> {
    let delegator = context.addresses().parse_account(&unbonding.delegator_address)?;
    Ok((delegator, context.addresses().parse_validator(&unbonding.validator_address)?))
}

pub(super) fn has_max_entries(
    context: &mut Context,
    delegator: &Address,
    validator: &Address,
) -> Result<bool> {
    let entries = match get_unbonding_delegation(context, delegator, validator) {
        Err(error) if error.is(&errors::NO_UNBONDING_DELEGATION) => 0,
        other => other?.entries.len(),
    };
    let most = get_params(context)?.max_entries;
    Ok(u64::try_from(entries).unwrap_or(u64::MAX) >= u64::from(most))
}

/// Notes what a delegator takes back. A second amount of the same block joins the first, and its number is then never used.
pub(super) fn set_unbonding_delegation_entry(
    context: &mut Context,
    delegator: &Address,
    validator: &Address,
    completion: Timestamp,
    balance: Int,
) -> Result<UnbondingDelegation> {
    let height = context.height();
    let id = increment_unbonding_id(context)?;
    let (unbonding, is_new) = match get_unbonding_delegation(context, delegator, validator) {
        Ok(mut unbonding) => {
            let is_new = unbonding.add_entry(height, completion, balance, id)?;
            (unbonding, is_new)
        }
        Err(error) if error.is(&errors::NO_UNBONDING_DELEGATION) => {
            let entry = UnbondingEntry {
                creation_height: height,
                completion_time: completion,
                initial_balance: balance,
                balance,
                unbonding_id: id,
                on_hold: 0,
            };
            let unbonding = UnbondingDelegation {
                delegator_address: context.addresses().account(delegator),
                validator_address: context.addresses().validator(validator),
                entries: vec![entry],
            };
            (unbonding, true)
        }
        Err(error) => return Err(error),
    };
    set_unbonding_delegation(context, &unbonding)?;
    if is_new {
        let key = keys::unbonding(delegator, validator);
        index_unbonding(context, id, key, UnbondingKind::Delegation)?;
    }
    Ok(unbonding)
}

fn iterate(
    context: &mut Context,
    prefix: Vec<u8>,
    mut f: impl FnMut(UnbondingDelegation) -> Result<()>,
) -> Result<()> {
    let mut cursor = context.iterate(STORE, KeyRange::prefix(prefix))?;
    while let Some((_, value)) = cursor.entry() {
        f(UnbondingDelegation::from_wire(decode(value)?)?)?;
        cursor.advance(context)?;
    }
    Ok(())
}

/// Walks everything that unbonds.
pub fn iterate_unbonding_delegations(
    context: &mut Context,
    f: impl FnMut(UnbondingDelegation) -> Result<()>,
) -> Result<()> {
    iterate(context, vec![keys::UNBONDING], f)
}

/// Everything that is taken back from a validator.
pub fn get_unbonding_delegations_from_validator(
    context: &mut Context,
    validator: &Address,
) -> Result<Vec<UnbondingDelegation>> {
    let mut unbondings = Vec::new();
    let mut cursor = context.iterate(STORE, KeyRange::prefix(keys::unbondings_from(validator)))?;
    while let Some((index, _)) = cursor.entry() {
        let key = keys::unbonding_of_index(index)?;
        let stored: Option<Wire> = context.get_message(STORE, &key)?;
        unbondings.push(UnbondingDelegation::from_wire(stored.unwrap_or_default())?);
        cursor.advance(context)?;
    }
    Ok(unbondings)
}
