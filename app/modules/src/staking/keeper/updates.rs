//! The end of a block: who is in the set now, and what has come out of its unbonding.

use std::collections::BTreeMap;

use iz_core::{Address, Context, Error, Event, Int, Result, event::key};
use iz_proto::{
    cosmos::staking::v1beta1::{DvPair, DvvTriplet},
    tendermint::abci::ValidatorUpdate,
};
use iz_store::KeyRange;

use crate::staking::{keys, types::Status};

use super::{
    STORE, bonded_tokens_to_not_bonded, complete_redelegation, complete_unbonding,
    delete_last_validator_power, dequeue_all_mature_redelegations, dequeue_all_mature_unbondings, get_params,
    get_validator, iterate_last_validator_powers, not_bonded_tokens_to_bonded, set_last_total_power,
    set_last_validator_power, set_validator_updates,
    transitions::{begin_unbonding_validator, bond_validator, unbond_all_mature_validators},
};

/// All that the end of a block does.
pub fn block_validator_updates(context: &mut Context) -> Result<Vec<ValidatorUpdate>> {
    // the set first: a validator that leaves it now must not be unbonded at once
    let updates = apply_and_return_validator_set_updates(context)?;
    unbond_all_mature_validators(context)?;
    for pair in dequeue_all_mature_unbondings(context)? {
        complete_pair(context, pair)?;
    }
    for triplet in dequeue_all_mature_redelegations(context)? {
        complete_triplet(context, triplet)?;
    }
    Ok(updates)
}

fn complete_pair(context: &mut Context, pair: DvPair) -> Result<()> {
    let validator = context.addresses().parse_validator(&pair.validator_address)?;
    let delegator = context.addresses().parse_account(&pair.delegator_address)?;
    let paid = match complete_unbonding(context, &delegator, &validator) {
        Err(error) if error.is_fatal() => return Err(error),
        Err(_) => return Ok(()),
        Ok(paid) => paid,
    };
    context.emit(
        Event::new("complete_unbonding")
            .with(key::AMOUNT, paid.to_string())
            .with("validator", pair.validator_address)
            .with("delegator", pair.delegator_address),
    );
    Ok(())
}

fn complete_triplet(context: &mut Context, triplet: DvvTriplet) -> Result<()> {
    let source = context.addresses().parse_validator(&triplet.validator_src_address)?;
    let destination = context.addresses().parse_validator(&triplet.validator_dst_address)?;
    let delegator = context.addresses().parse_account(&triplet.delegator_address)?;
    let moved = match complete_redelegation(context, &delegator, &source, &destination) {
        Err(error) if error.is_fatal() => return Err(error),
        Err(_) => return Ok(()),
        Ok(moved) => moved,
    };
    context.emit(
        Event::new("complete_redelegation")
            .with(key::AMOUNT, moved.to_string())
            .with("delegator", triplet.delegator_address)
            .with("source_validator", triplet.validator_src_address)
            .with("destination_validator", triplet.validator_dst_address),
    );
    Ok(())
}

/// Makes the most powerful validators the set, and answers what changed: first those whose power is new, from the most powerful down,
/// then those who left, by address.
pub fn apply_and_return_validator_set_updates(context: &mut Context) -> Result<Vec<ValidatorUpdate>> {
    let most = get_params(context)?.max_validators;
    let mut last = BTreeMap::new();
    iterate_last_validator_powers(context, |_, operator, power| {
        last.insert(operator, power);
        Ok(false)
    })?;
    let mut updates = Vec::new();
    let (mut total, mut entering, mut leaving) = (Int::ZERO, Int::ZERO, Int::ZERO);
    let mut count = 0;
    let mut cursor = context.iterate_reverse(STORE, KeyRange::prefix(vec![keys::VALIDATOR_BY_POWER]))?;
    while let Some((_, value)) = cursor.entry() {
        if count >= most {
            break;
        }
        let operator = Address::new(value.to_vec());
        let mut validator = get_validator(context, &operator).map_err(|error| not_found(error, &operator))?;
        if validator.jailed {
            return Err(Error::plain("should never retrieve a jailed validator from the power store"));
        }
        // nobody after this one has power either
        if validator.potential_consensus_power()? == 0 {
            break;
        }
        match validator.status {
            Status::Unbonded | Status::Unbonding => {
                bond_validator(context, &mut validator)?;
                entering = entering.add(validator.tokens)?;
            }
            Status::Bonded => {}
            Status::Unspecified => return Err(Error::plain("unexpected validator status")),
        }
        let power = validator.consensus_power()?;
        if last.remove(&operator) != Some(power) {
            updates.push(validator.update(power)?);
            set_last_validator_power(context, &operator, power)?;
        }
        count += 1;
        total = total.add(Int::from(power))?;
        cursor.advance(context)?;
    }
    for operator in last.into_keys() {
        let mut validator = get_validator(context, &operator).map_err(|error| not_found(error, &operator))?;
        begin_unbonding_validator(context, &mut validator)?;
        leaving = leaving.add(validator.tokens)?;
        delete_last_validator_power(context, &operator)?;
        updates.push(validator.update(0)?);
    }
    // only the difference moves between the pools
    if entering > leaving {
        not_bonded_tokens_to_bonded(context, entering.sub(leaving)?)?;
    } else if entering < leaving {
        bonded_tokens_to_not_bonded(context, leaving.sub(entering)?)?;
    }
    if !updates.is_empty() {
        set_last_total_power(context, total)?;
    }
    set_validator_updates(context, &updates)?;
    Ok(updates)
}

fn not_found(error: Error, operator: &Address) -> Error {
    error.obscure(|_| format!("validator record not found for address: {operator:?}"))
}
