//! How validators enter and leave the set, and how they are jailed.

use iz_core::{Context, Error, Result};

use crate::staking::{
    errors, hooks, keys,
    types::{Status, Validator},
};

use super::{
    delete_validator_by_power_index, get_params, insert_unbonding_validator_queue,
    queues::{delete_validator_queue, iterate_mature_validators},
    remove_validator, set_validator, set_validator_by_power_index,
    unbonding::{UnbondingKind, delete_unbonding_index, increment_unbonding_id, index_unbonding},
    validator::get_validator,
};

/// A jailed validator loses its place by power; the end of the block takes it out of the set.
pub fn jail_validator(context: &mut Context, validator: &mut Validator) -> Result<()> {
    if validator.jailed {
        return Err(errors::VALIDATOR_JAILED.wrap(format!(
            "cannot jail already jailed validator, validator: {}",
            validator.operator_address
        )));
    }
    validator.jailed = true;
    set_validator(context, validator)?;
    delete_validator_by_power_index(context, validator)
}

pub(super) fn unjail_validator(context: &mut Context, validator: &mut Validator) -> Result<()> {
    if !validator.jailed {
        return Err(Error::plain(format!(
            "cannot unjail already unjailed validator, validator: {}",
            validator.operator_address
        )));
    }
    validator.jailed = false;
    set_validator(context, validator)?;
    set_validator_by_power_index(context, validator)
}

/// Into the set.
pub(super) fn bond_validator(context: &mut Context, validator: &mut Validator) -> Result<()> {
    delete_validator_by_power_index(context, validator)?;
    validator.status = Status::Bonded;
    set_validator(context, validator)?;
    set_validator_by_power_index(context, validator)?;
    delete_validator_queue(context, validator)?;
    let consensus = validator.consensus_address()?;
    hooks::after_validator_bonded(context, &consensus)
}

/// Out of the set: it answers for what it did there until the unbonding time is over.
pub(super) fn begin_unbonding_validator(context: &mut Context, validator: &mut Validator) -> Result<()> {
    let span = get_params(context)?.unbonding_time;
    delete_validator_by_power_index(context, validator)?;
    if validator.status != Status::Bonded {
        return Err(Error::plain(format!(
            "should not already be unbonded or unbonding, validator: {}",
            validator.operator_address
        )));
    }
    let id = increment_unbonding_id(context)?;
    validator.status = Status::Unbonding;
    validator.unbonding_time = context.time().plus(Some(&span));
    validator.unbonding_height = context.height();
    validator.unbonding_ids.push(id);
    set_validator(context, validator)?;
    set_validator_by_power_index(context, validator)?;
    insert_unbonding_validator_queue(context, validator)?;
    let operator = validator.operator(context.addresses())?;
    index_unbonding(context, id, keys::validator(&operator), UnbondingKind::Validator)
}

/// Ends the unbonding of every validator whose time has come; one without delegations is forgotten.
pub(super) fn unbond_all_mature_validators(context: &mut Context) -> Result<()> {
    iterate_mature_validators(context, |context, operators| {
        for text in operators {
            let operator = context.addresses().parse_validator(&text)?;
            let mut validator = get_validator(context, &operator)
                .map_err(|error| error.wrap("validator in the unbonding queue was not found"))?;
            if !validator.is_unbonding() {
                return Err(Error::plain(
                    "unexpected validator in unbonding queue; status was not unbonding",
                ));
            }
            if validator.unbonding_on_hold_ref_count != 0 {
                continue;
            }
            for id in &validator.unbonding_ids {
                delete_unbonding_index(context, *id)?;
            }
            // its numbers stay in the stored validator: Go clears them in a copy that it does not store
            validator.status = Status::Unbonded;
            set_validator(context, &validator)?;
            if validator.delegator_shares.is_zero() {
                remove_validator(context, &operator)?;
            }
            delete_validator_queue(context, &validator)?;
        }
        Ok(())
    })
}
