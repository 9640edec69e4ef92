//! Staking for a chain that begins anew: nothing began at a height of the old one, and those who are not wanted are jailed.

use std::collections::BTreeSet;

use iz_core::{Address, Context, Result};

use super::keeper;

/// Forgets heights. With `allowed`, all other operators are jailed; as in wasmd this fails if one of them is bonded or could be, since
/// it keeps its place by power.
pub fn forget_heights(context: &mut Context, allowed: &BTreeSet<Address>) -> Result<()> {
    let mut redelegations = Vec::new();
    keeper::iterate_redelegations(context, |redelegation| {
        redelegations.push(redelegation);
        Ok(())
    })?;
    for mut redelegation in redelegations {
        redelegation.entries.iter_mut().for_each(|entry| entry.creation_height = 0);
        keeper::set_redelegation(context, &redelegation)?;
    }
    let mut unbondings = Vec::new();
    keeper::iterate_unbonding_delegations(context, |unbonding| {
        unbondings.push(unbonding);
        Ok(())
    })?;
    for mut unbonding in unbondings {
        unbonding.entries.iter_mut().for_each(|entry| entry.creation_height = 0);
        keeper::set_unbonding_delegation(context, &unbonding)?;
    }
    for mut validator in keeper::get_all_validators(context)? {
        validator.unbonding_height = 0;
        if !allowed.is_empty() && !allowed.contains(&validator.operator(context.addresses())?) {
            validator.jailed = true;
        }
        keeper::set_validator(context, &validator)?;
    }
    keeper::apply_and_return_validator_set_updates(context).map(drop)
}
