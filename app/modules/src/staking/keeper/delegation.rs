//! Delegations, and their index by validator.

use iz_core::{Address, Context, Result};
use iz_proto::cosmos::staking::v1beta1::Delegation as Wire;
use iz_store::KeyRange;

use crate::collections::decode;
use crate::staking::{errors, keys, types::Delegation};

use super::STORE;

pub fn get_delegation(context: &mut Context, delegator: &Address, validator: &Address) -> Result<Delegation> {
    match context.get_message::<Wire>(STORE, &keys::delegation(delegator, validator))? {
        Some(wire) => Delegation::from_wire(wire),
        None => Err((&errors::NO_DELEGATION).into()),
    }
}

pub fn set_delegation(context: &mut Context, delegation: &Delegation) -> Result<()> {
    let (delegator, validator) = parties(context, delegation)?;
    let key = keys::delegation(&delegator, &validator);
    context.set_message(STORE, key, &delegation.clone().into_wire())?;
    context.set(STORE, keys::delegation_by_validator(&validator, &delegator), Vec::new())
}

pub fn remove_delegation(context: &mut Context, delegation: &Delegation) -> Result<()> {
    let (delegator, validator) = parties(context, delegation)?;
    context.delete(STORE, keys::delegation(&delegator, &validator))?;
    context.delete(STORE, keys::delegation_by_validator(&validator, &delegator))
}

fn parties(context: &Context, delegation: &Delegation) -> Result<(Address, Address)> {
    let delegator = context.addresses().parse_account(&delegation.delegator_address)?;
    Ok((delegator, context.addresses().parse_validator(&delegation.validator_address)?))
}

fn iterate(
    context: &mut Context,
    prefix: Vec<u8>,
    mut f: impl FnMut(&mut Context, Delegation) -> Result<bool>,
) -> Result<()> {
    let mut cursor = context.iterate(STORE, KeyRange::prefix(prefix))?;
    while let Some((_, value)) = cursor.entry() {
        let delegation = Delegation::from_wire(decode(value)?)?;
        if f(context, delegation)? {
            break;
        }
        cursor.advance(context)?;
    }
    Ok(())
}

/// Walks a delegator's delegations, until `f` says stop.
pub fn iterate_delegations(
    context: &mut Context,
    delegator: &Address,
    f: impl FnMut(&mut Context, Delegation) -> Result<bool>,
) -> Result<()> {
    iterate(context, keys::delegations_of(delegator), f)
}

pub fn get_all_delegations(context: &mut Context) -> Result<Vec<Delegation>> {
    let mut delegations = Vec::new();
    iterate(context, vec![keys::DELEGATION], |_, delegation| {
        delegations.push(delegation);
        Ok(false)
    })?;
    Ok(delegations)
}
