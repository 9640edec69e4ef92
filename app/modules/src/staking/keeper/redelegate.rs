//! Moving a delegation from one validator to another.

use iz_core::{Address, Coin, Coins, Context, Dec, Error, Result, Timestamp};

use crate::staking::{
    errors,
    types::{RedelegationEntry, Status},
};

use super::{
    TokenSource, bond_denom, delegate, get_params, get_redelegation, get_validator,
    insert_redelegation_queue,
    redelegation::{
        has_max_entries, has_receiving_redelegation, remove_redelegation, set_redelegation_entry,
    },
    set_redelegation, unbond,
    unbonding::delete_unbonding_index,
};

/// Until when the moved tokens answer for the source; Go's zero time if they never do.
pub fn begin_redelegation(
    context: &mut Context,
    delegator: &Address,
    source: &Address,
    destination: &Address,
    shares: Dec,
) -> Result<Timestamp> {
    if source == destination {
        return Err((&errors::SELF_REDELEGATION).into());
    }
    let or = |root| {
        move |error: Error| if error.is(&errors::NO_VALIDATOR_FOUND) { Error::from(root) } else { error }
    };
    let to = get_validator(context, destination).map_err(or(&errors::BAD_REDELEGATION_DST))?;
    let from = get_validator(context, source).map_err(or(&errors::BAD_REDELEGATION_SRC))?;
    // what is still answering for another validator may not move on
    if has_receiving_redelegation(context, delegator, source)? {
        return Err((&errors::TRANSITIVE_REDELEGATION).into());
    }
    if has_max_entries(context, delegator, source, destination)? {
        return Err((&errors::MAX_REDELEGATION_ENTRIES).into());
    }
    let amount = unbond(context, delegator, source, shares)?;
    if amount.is_zero() {
        return Err((&errors::TINY_REDELEGATION_AMOUNT).into());
    }
    let shares_dst = delegate(context, delegator, amount, TokenSource::Pool(from.status), &to)?;
    let Some((completion, height)) = begin_info(context, source)? else { return Ok(Timestamp::ZERO) };
    let entry = RedelegationEntry {
        creation_height: height,
        completion_time: completion,
        initial_balance: amount,
        shares_dst,
        unbonding_id: 0,
        on_hold: 0,
    };
    let redelegation = set_redelegation_entry(context, delegator, source, destination, entry)?;
    insert_redelegation_queue(context, &redelegation, completion)?;
    Ok(completion)
}

/// Until when and since which height tokens answer for a validator they leave; none if they do not.
fn begin_info(context: &mut Context, source: &Address) -> Result<Option<(Timestamp, i64)>> {
    let validator = get_validator(context, source)?;
    let span = get_params(context)?.unbonding_time;
    match validator.status {
        Status::Bonded => Ok(Some((context.time().plus(Some(&span)), context.height()))),
        Status::Unbonded => Ok(None),
        Status::Unbonding => Ok(Some((validator.unbonding_time, validator.unbonding_height))),
        Status::Unspecified => Err(Error::panic("unknown validator status: BOND_STATUS_UNSPECIFIED")),
    }
}

/// Drops every entry whose time has come. Answers what they were about.
pub fn complete_redelegation(
    context: &mut Context,
    delegator: &Address,
    source: &Address,
    destination: &Address,
) -> Result<Coins> {
    let mut redelegation = get_redelegation(context, delegator, source, destination)?;
    let denom = bond_denom(context)?;
    let now = context.time();
    let mut moved = Coins::empty();
    let mut place = 0;
    while let Some(entry) = redelegation.entries.get(place) {
        if !entry.can_complete(now) {
            place += 1;
            continue;
        }
        let entry = redelegation.entries.remove(place);
        delete_unbonding_index(context, entry.unbonding_id)?;
        if !entry.initial_balance.is_zero() {
            moved = moved.add(&Coins::one(Coin::new(denom.clone(), entry.initial_balance)))?;
        }
    }
    if redelegation.entries.is_empty() {
        remove_redelegation(context, &redelegation)?;
    } else {
        set_redelegation(context, &redelegation)?;
    }
    Ok(moved)
}
