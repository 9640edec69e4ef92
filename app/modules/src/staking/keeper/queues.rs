//! Queues of what completes at a time: unbonding delegations, redelegations, and validators that left the set.

use iz_core::{Context, Result, Timestamp};
use iz_proto::cosmos::staking::v1beta1::{DvPair, DvPairs, DvvTriplet, DvvTriplets, ValAddresses};
use iz_store::{KeyRange, after};

use crate::collections::decode;
use crate::staking::{
    keys,
    types::{Redelegation, UnbondingDelegation, Validator},
};

use super::STORE;

/// Keys of a queue up to that of now, which is included.
fn until(prefix: u8, last: &[u8]) -> KeyRange {
    KeyRange::new(vec![prefix], Some(after(last)))
}

pub fn insert_unbonding_queue(
    context: &mut Context,
    unbonding: &UnbondingDelegation,
    completion: Timestamp,
) -> Result<()> {
    let key = keys::unbonding_queue(completion);
    let mut slice: DvPairs = context.get_message(STORE, &key)?.unwrap_or_default();
    slice.pairs.push(DvPair {
        delegator_address: unbonding.delegator_address.clone(),
        validator_address: unbonding.validator_address.clone(),
    });
    context.set_message(STORE, key, &slice)
}

/// Takes every pair out of the queue whose time has come.
pub fn dequeue_all_mature_unbondings(context: &mut Context) -> Result<Vec<DvPair>> {
    let range = until(keys::UNBONDING_QUEUE, &keys::unbonding_queue(context.time()));
    let mut mature = Vec::new();
    let mut cursor = context.iterate(STORE, range)?;
    while let Some((key, value)) = cursor.entry() {
        mature.append(&mut decode::<DvPairs>(value)?.pairs);
        context.delete(STORE, key.clone())?;
        cursor.advance(context)?;
    }
    Ok(mature)
}

pub fn insert_redelegation_queue(
    context: &mut Context,
    redelegation: &Redelegation,
    completion: Timestamp,
) -> Result<()> {
    let key = keys::redelegation_queue(completion);
    let mut slice: DvvTriplets = context.get_message(STORE, &key)?.unwrap_or_default();
    slice.triplets.push(DvvTriplet {
        delegator_address: redelegation.delegator_address.clone(),
        validator_src_address: redelegation.validator_src_address.clone(),
        validator_dst_address: redelegation.validator_dst_address.clone(),
    });
    context.set_message(STORE, key, &slice)
}

/// Takes every triplet out of the queue whose time has come.
pub fn dequeue_all_mature_redelegations(context: &mut Context) -> Result<Vec<DvvTriplet>> {
    let range = until(keys::REDELEGATION_QUEUE, &keys::redelegation_queue(context.time()));
    let mut mature = Vec::new();
    let mut cursor = context.iterate(STORE, range)?;
    while let Some((key, value)) = cursor.entry() {
        mature.append(&mut decode::<DvvTriplets>(value)?.triplets);
        context.delete(STORE, key.clone())?;
        cursor.advance(context)?;
    }
    Ok(mature)
}

pub fn insert_unbonding_validator_queue(context: &mut Context, validator: &Validator) -> Result<()> {
    let key = keys::validator_queue(validator.unbonding_time, validator.unbonding_height);
    let mut slice: ValAddresses = context.get_message(STORE, &key)?.unwrap_or_default();
    slice.addresses.push(validator.operator_address.clone());
    context.set_message(STORE, key, &slice)
}

/// Takes one validator out of the queue.
pub(super) fn delete_validator_queue(context: &mut Context, validator: &Validator) -> Result<()> {
    let key = keys::validator_queue(validator.unbonding_time, validator.unbonding_height);
    let slice: ValAddresses = context.get_message(STORE, &key)?.unwrap_or_default();
    let operator = validator.operator(context.addresses())?;
    let mut left = Vec::new();
    for text in slice.addresses {
        if context.addresses().parse_validator(&text)? != operator {
            left.push(text);
        }
    }
    if left.is_empty() {
        context.delete(STORE, key)
    } else {
        context.set_message(STORE, key, &ValAddresses { addresses: left })
    }
}

/// Walks the slices of validators whose time has come.
pub(super) fn iterate_mature_validators(
    context: &mut Context,
    mut f: impl FnMut(&mut Context, Vec<String>) -> Result<()>,
) -> Result<()> {
    let (now, height) = (context.time(), context.height());
    let mut cursor =
        context.iterate(STORE, until(keys::VALIDATOR_QUEUE, &keys::validator_queue(now, height)))?;
    while let Some((key, value)) = cursor.entry() {
        let (time, since) = keys::parse_validator_queue(key)?;
        // keys order by time first, so a slice of now may still carry a later height
        if since <= height && time <= now {
            f(context, decode::<ValAddresses>(value)?.addresses)?;
        }
        cursor.advance(context)?;
    }
    Ok(())
}
