//! Who is told of changes in staking, in wasmd's order: distribution, then slashing. Only those are named here who do something.

use iz_core::{Address, Context, Dec, Result};

use crate::{distribution, slashing};

pub fn after_validator_created(context: &mut Context, validator: &Address) -> Result<()> {
    distribution::hooks::after_validator_created(context, validator)?;
    slashing::hooks::after_validator_created(context, validator)
}

pub fn after_validator_removed(
    context: &mut Context,
    consensus: &Address,
    validator: &Address,
) -> Result<()> {
    distribution::hooks::after_validator_removed(context, validator)?;
    slashing::hooks::after_validator_removed(context, consensus)
}

pub fn after_validator_bonded(context: &mut Context, consensus: &Address) -> Result<()> {
    slashing::hooks::after_validator_bonded(context, consensus)
}

pub fn before_delegation_created(context: &mut Context, validator: &Address) -> Result<()> {
    distribution::hooks::before_delegation_created(context, validator)
}

pub fn before_delegation_shares_modified(
    context: &mut Context,
    delegator: &Address,
    validator: &Address,
) -> Result<()> {
    distribution::hooks::before_delegation_shares_modified(context, delegator, validator)
}

pub fn after_delegation_modified(
    context: &mut Context,
    delegator: &Address,
    validator: &Address,
) -> Result<()> {
    distribution::hooks::after_delegation_modified(context, delegator, validator)
}

pub fn before_validator_slashed(context: &mut Context, validator: &Address, fraction: Dec) -> Result<()> {
    distribution::hooks::before_validator_slashed(context, validator, fraction)
}
