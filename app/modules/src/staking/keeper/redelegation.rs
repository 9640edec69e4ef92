//! Redelegations, and their indices by source and by destination.

use iz_core::{Address, Context, Result};
use iz_proto::cosmos::staking::v1beta1::Redelegation as Wire;
use iz_store::KeyRange;

use crate::collections::decode;
use crate::staking::{
    errors, keys,
    types::{Redelegation, RedelegationEntry},
};

use super::{
    STORE, get_params,
    unbonding::{UnbondingKind, increment_unbonding_id, index_unbonding},
};

pub fn get_redelegation(
    context: &mut Context,
    delegator: &Address,
    source: &Address,
    destination: &Address,
) -> Result<Redelegation> {
    match context.get_message::<Wire>(STORE, &keys::redelegation(delegator, source, destination))? {
        Some(wire) => Redelegation::from_wire(wire),
        None => Err((&errors::NO_REDELEGATION).into()),
    }
}

pub fn set_redelegation(context: &mut Context, redelegation: &Redelegation) -> Result<()> {
    let (delegator, source, destination) = parties(context, redelegation)?;
    let key = keys::redelegation(&delegator, &source, &destination);
    context.set_message(STORE, key, &redelegation.to_wire())?;
    let key = keys::redelegation_by_source(&delegator, &source, &destination);
    context.set(STORE, key, Vec::new())?;
    let key = keys::redelegation_by_destination(&delegator, &source, &destination);
    context.set(STORE, key, Vec::new())
}

pub(super) fn remove_redelegation(context: &mut Context, redelegation: &Redelegation) -> Result<()> {
    let (delegator, source, destination) = parties(context, redelegation)?;
    context.delete(STORE, keys::redelegation(&delegator, &source, &destination))?;
    context.delete(STORE, keys::redelegation_by_source(&delegator, &source, &destination))?;
    context.delete(STORE, keys::redelegation_by_destination(&delegator, &source, &destination))
}

fn parties(context: &Context, redelegation: &Redelegation) -> Result<(Address, Address, Address)> {
    let addresses = context.addresses();
    Ok((
        addresses.parse_account(&redelegation.delegator_address)?,
        addresses.parse_validator(&redelegation.validator_src_address)?,
        addresses.parse_validator(&redelegation.validator_dst_address)?,
    ))
}

/// Whether a delegator is still moving something to this validator.
pub fn has_receiving_redelegation(
    context: &mut Context,
    delegator: &Address,
    destination: &Address,
) -> Result<bool> {
    let prefix = keys::redelegations_to(delegator, destination);
    Ok(context.iterate(STORE, KeyRange::prefix(prefix))?.entry().is_some())
}

/// Unlike with unbondings, the parameters are read only if there is a redelegation.
pub(super) fn has_max_entries(
    context: &mut Context,
    delegator: &Address,
    source: &Address,
    destination: &Address,
) -> Result<bool> {
    let entries = match get_redelegation(context, delegator, source, destination) {
        Err(error) if error.is(&errors::NO_REDELEGATION) => return Ok(false),
        other => other?.entries.len(),
    };
    let most = get_params(context)?.max_entries;
    Ok(u64::try_from(entries).unwrap_or(u64::MAX) >= u64::from(most))
}

/// Notes what a delegator moves; the entry's number is filled in here.
pub(super) fn set_redelegation_entry(
    context: &mut Context,
    delegator: &Address,
    source: &Address,
    destination: &Address,
    mut entry: RedelegationEntry,
) -> Result<Redelegation> {
    let id = increment_unbonding_id(context)?;
    entry.unbonding_id = id;
    let redelegation = match get_redelegation(context, delegator, source, destination) {
        Ok(mut redelegation) => {
            redelegation.entries.push(entry);
            redelegation
        }
        Err(error) if error.is(&errors::NO_REDELEGATION) => Redelegation {
            delegator_address: context.addresses().account(delegator),
            validator_src_address: context.addresses().validator(source),
            validator_dst_address: context.addresses().validator(destination),
            entries: vec![entry],
        },
        Err(error) => return Err(error),
    };
    set_redelegation(context, &redelegation)?;
    let key = keys::redelegation(delegator, source, destination);
    index_unbonding(context, id, key, UnbondingKind::Redelegation)?;
    Ok(redelegation)
}

/// Walks all redelegations.
pub fn iterate_redelegations(
    context: &mut Context,
    mut f: impl FnMut(Redelegation) -> Result<()>,
) -> Result<()> {
    let mut cursor = context.iterate(STORE, KeyRange::prefix(vec![keys::REDELEGATION]))?;
    while let Some((_, value)) = cursor.entry() {
        f(Redelegation::from_wire(decode(value)?)?)?;
        cursor.advance(context)?;
    }
    Ok(())
}

/// Everything that is being moved away from a validator.
pub fn get_redelegations_from_src_validator(
    context: &mut Context,
    source: &Address,
) -> Result<Vec<Redelegation>> {
    let mut redelegations = Vec::new();
    let mut cursor = context.iterate(STORE, KeyRange::prefix(keys::redelegations_from(source)))?;
    while let Some((index, _)) = cursor.entry() {
        let key = keys::redelegation_of_source_index(index)?;
        let stored: Option<Wire> = context.get_message(STORE, &key)?;
        redelegations.push(Redelegation::from_wire(stored.unwrap_or_default())?);
        cursor.advance(context)?;
    }
    Ok(redelegations)
}
