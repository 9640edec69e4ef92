//! Undelegating: shares become tokens that are paid out when the unbonding time is over.

use iz_core::{Address, Coins, Context, Dec, Int, Result, Timestamp};

use crate::{bank, module_accounts::NOT_BONDED_POOL, staking::errors};

use super::{
    bond_denom, bonded_tokens_to_not_bonded, get_params, get_unbonding_delegation, get_validator,
    insert_unbonding_queue, remove_unbonding_delegation, set_unbonding_delegation, unbond,
    unbonding::{delete_unbonding_index, has_max_entries, set_unbonding_delegation_entry},
};

/// Answers when the tokens will be paid out, and how many.
pub fn undelegate(
    context: &mut Context,
    delegator: &Address,
    validator: &Address,
    shares: Dec,
) -> Result<(Timestamp, Int)> {
    let state = get_validator(context, validator)?;
    if has_max_entries(context, delegator, validator)? {
        return Err((&errors::MAX_UNBONDING_DELEGATION_ENTRIES).into());
    }
    let amount = unbond(context, delegator, validator, shares)?;
    if state.is_bonded() {
        bonded_tokens_to_not_bonded(context, amount)?;
    }
    let span = get_params(context)?.unbonding_time;
    let completion = context.time().plus(Some(&span));
    let unbonding = set_unbonding_delegation_entry(context, delegator, validator, completion, amount)?;
    insert_unbonding_queue(context, &unbonding, completion)?;
    Ok((completion, amount))
}

/// Pays out every entry whose time has come. Answers what was paid.
pub fn complete_unbonding(context: &mut Context, delegator: &Address, validator: &Address) -> Result<Coins> {
    let mut unbonding = get_unbonding_delegation(context, delegator, validator)?;
    let denom = bond_denom(context)?;
    let now = context.time();
    let receiver = context.addresses().parse_account(&unbonding.delegator_address)?;
    let mut paid = Coins::empty();
    let mut place = 0;
    while let Some(entry) = unbonding.entries.get(place) {
        if !entry.can_complete(now) {
            place += 1;
            continue;
        }
        let entry = unbonding.entries.remove(place);
        delete_unbonding_index(context, entry.unbonding_id)?;
        if !entry.balance.is_zero() {
            let coins = Coins::sanitized(vec![iz_core::Coin::new(denom.clone(), entry.balance)])?;
            bank::keeper::undelegate_coins_from_module_to_account(
                context,
                NOT_BONDED_POOL,
                &receiver,
                &coins,
            )?;
            paid = paid.add(&coins)?;
        }
    }
    if unbonding.entries.is_empty() {
        remove_unbonding_delegation(context, &unbonding)?;
    } else {
        set_unbonding_delegation(context, &unbonding)?;
    }
    Ok(paid)
}
