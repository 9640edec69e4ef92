//! What distribution does when staking changes something.

use iz_core::{Address, Context, Dec, Result};

use super::{NAME, keys, periods, rewards, store};
use crate::{bank, staking};

pub fn after_validator_created(context: &mut Context, operator: &Address) -> Result<()> {
    let validator = staking::keeper::get_validator(context, operator)?;
    periods::initialize(context, &validator)
}

/// Pays the last commission; what is left behind the point goes to the community.
pub fn after_validator_removed(context: &mut Context, operator: &Address) -> Result<()> {
    let mut outstanding = store::outstanding(context, operator)?;
    let commission = store::commission(context, operator)?;
    if !commission.is_zero() {
        outstanding = outstanding.sub(&commission)?;
        let (coins, remainder) = commission.truncate()?;
        store::add_to_fee_pool(context, &remainder)?;
        if !coins.is_zero() {
            let receiver = store::withdraw_address(context, operator)?;
            bank::keeper::send_coins_from_module_to_account(context, NAME, &receiver, &coins)?;
        }
    }
    store::add_to_fee_pool(context, &outstanding)?;
    store::delete(context, keys::OUTSTANDING_REWARDS, operator)?;
    store::delete(context, keys::ACCUMULATED_COMMISSION, operator)?;
    store::delete_all(context, keys::SLASH_EVENTS, operator)?;
    store::delete_all(context, keys::HISTORICAL_REWARDS, operator)?;
    store::delete(context, keys::CURRENT_REWARDS, operator)
}

pub fn before_delegation_created(context: &mut Context, operator: &Address) -> Result<()> {
    let validator = staking::keeper::get_validator(context, operator)?;
    periods::increment(context, &validator).map(drop)
}

/// Pays out, since from now on the delegation earns with another stake.
pub fn before_delegation_shares_modified(
    context: &mut Context,
    delegator: &Address,
    operator: &Address,
) -> Result<()> {
    let validator = staking::keeper::get_validator(context, operator)?;
    let delegation = staking::keeper::get_delegation(context, delegator, operator)?;
    rewards::withdraw(context, &validator, &delegation).map(drop)
}

pub fn after_delegation_modified(
    context: &mut Context,
    delegator: &Address,
    operator: &Address,
) -> Result<()> {
    rewards::initialize(context, operator, delegator)
}

pub fn before_validator_slashed(context: &mut Context, operator: &Address, fraction: Dec) -> Result<()> {
    periods::record_slash(context, operator, fraction)
}
