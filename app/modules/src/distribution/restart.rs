//! Distribution for a chain that begins anew: all is paid out, and periods are counted from the start.

use iz_core::{Context, Result, stores::DISTRIBUTION};

use super::{hooks, keeper, keys, store};
use crate::staking;

/// Pays every commission and every reward, and forgets slashes and the rewards of past periods.
pub fn pay_out(context: &mut Context) -> Result<()> {
    for validator in staking::keeper::get_all_validators(context)? {
        let operator = validator.operator(context.addresses())?;
        // one without a commission has nothing to take
        match keeper::withdraw_validator_commission(context, &operator) {
            Err(error) if error.is_fatal() => return Err(error),
            _ => {}
        }
    }
    for delegation in staking::keeper::get_all_delegations(context)? {
        let operator = context.addresses().parse_validator(&delegation.validator_address)?;
        let delegator = context.addresses().parse_account(&delegation.delegator_address)?;
        keeper::withdraw_delegation_rewards(context, &delegator, &operator)?;
    }
    for kind in [keys::SLASH_EVENTS, keys::HISTORICAL_REWARDS] {
        for (key, _) in store::all(context, kind)? {
            context.delete(DISTRIBUTION, key)?;
        }
    }
    Ok(())
}

/// Gives what could not be paid to the community, and lets every validator and delegation begin as if it were new.
pub fn begin_anew(context: &mut Context) -> Result<()> {
    for validator in staking::keeper::get_all_validators(context)? {
        let operator = validator.operator(context.addresses())?;
        let rest = store::outstanding(context, &operator)?;
        store::add_to_fee_pool(context, &rest)?;
        hooks::after_validator_created(context, &operator)?;
    }
    for delegation in staking::keeper::get_all_delegations(context)? {
        let operator = context.addresses().parse_validator(&delegation.validator_address)?;
        let delegator = context.addresses().parse_account(&delegation.delegator_address)?;
        hooks::before_delegation_created(context, &operator)?;
        hooks::after_delegation_modified(context, &delegator, &operator)?;
    }
    Ok(())
}
