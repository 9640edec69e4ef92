//! What a delegation has earned, and paying it out.

use iz_core::{
    Address, Coin, Coins, Context, Dec, DecCoins, Error, Event, Int, Result, coin::DEFAULT_BOND_DENOM,
    event::key, stores,
};
use iz_store::KeyRange;

use super::{NAME, errors, keys, periods, store, types::StartingInfo};
use crate::{
    bank,
    staking::{
        self,
        types::{Delegation, Validator},
    },
};

/// A delegation begins to earn, with the period that just ended behind it.
pub fn initialize(context: &mut Context, operator: &Address, delegator: &Address) -> Result<()> {
    let running = store::current_rewards(context, operator)?;
    let previous_period = running.previous_period();
    periods::reference(context, operator, previous_period)?;
    let validator = staking::keeper::get_validator(context, operator)?;
    let delegation = staking::keeper::get_delegation(context, delegator, operator)?;
    // rounded down, so that nobody can take more than there is
    let stake = validator.tokens_from_shares_truncated(delegation.shares)?;
    let height = context.height().cast_unsigned();
    store::set_starting_info(context, operator, delegator, &StartingInfo { previous_period, stake, height })
}

/// Rewards of `stake` from the end of one period to the end of another.
fn between(context: &mut Context, operator: &Address, first: u64, last: u64, stake: Dec) -> Result<DecCoins> {
    if first > last {
        return Err(Error::panic("startingPeriod cannot be greater than endingPeriod"));
    }
    if stake.is_negative() {
        return Err(Error::panic("stake should not be negative"));
    }
    let starting = store::historical_rewards(context, operator, first)?;
    let ending = store::historical_rewards(context, operator, last)?;
    ending.cumulative_ratio.sub(&starting.cumulative_ratio)?.mul_dec_truncate(stake)
}

/// `CalculateDelegationRewards`: what the delegation has earned up to the end of a period.
pub fn calculate(
    context: &mut Context,
    validator: &Validator,
    delegation: &Delegation,
    ending_period: u64,
) -> Result<DecCoins> {
    let delegator = context.addresses().parse_account(&delegation.delegator_address)?;
    let operator = context.addresses().parse_validator(&delegation.validator_address)?;
    let info = store::starting_info(context, &operator, &delegator)?;
    let height = context.height().cast_unsigned();
    if info.height == height {
        return Ok(DecCoins::empty());
    }
    let (mut rewards, mut period, mut stake) = (DecCoins::empty(), info.previous_period, info.stake);
    if height > info.height {
        // slashes of this very block count too: they happen after the rewards are allocated
        let from = keys::slash_events_from(&operator, info.height);
        let to = keys::slash_events_from(&operator, height.wrapping_add(1));
        let mut cursor = context.iterate(stores::DISTRIBUTION, KeyRange::new(from, Some(to.into())))?;
        while let Some((_, value)) = cursor.entry() {
            let slash = store::decode_slash_event(value)?;
            if slash.period > period {
                // Go walks with a function that cannot fail, so an error becomes a panic
                let earned = between(context, &operator, period, slash.period, stake)
                    .map_err(|error| if error.is_fatal() { error } else { Error::panic(error.log()) })?;
                rewards = rewards.add(&earned)?;
                stake = stake.mul_truncate(Dec::one().sub(slash.fraction)?)?;
                period = slash.period;
            }
            cursor.advance(context)?;
        }
    }
    let stake = bounded_stake(validator, delegation, stake)?;
    let earned = between(context, &operator, period, ending_period, stake)?;
    rewards.add(&earned)
}

/// The stake after all slashes may exceed what the shares are worth by a last digit or so, since it was rounded more often; by no more.
fn bounded_stake(validator: &Validator, delegation: &Delegation, stake: Dec) -> Result<Dec> {
    let current = validator.tokens_from_shares(delegation.shares)?;
    if stake <= current {
        return Ok(stake);
    }
    let margin = Dec::smallest().mul_int(Int::from(3))?;
    if stake <= current.add(margin)? {
        return Ok(current);
    }
    Err(Error::panic(format!(
        "calculated final stake for delegator {} greater than current stake\n\tfinal stake:\t{stake}\n\tcurrent stake:\t{current}",
        delegation.delegator_address
    )))
}

/// `withdrawDelegationRewards`: pays all that was earned and forgets since when the delegation earns.
pub fn withdraw(context: &mut Context, validator: &Validator, delegation: &Delegation) -> Result<Coins> {
    let delegator = context.addresses().parse_account(&delegation.delegator_address)?;
    let operator = context.addresses().parse_validator(&delegation.validator_address)?;
    if !store::has_starting_info(context, &operator, &delegator)? {
        return Err((&errors::EMPTY_DELEGATION_INFO).into());
    }
    let ending_period = periods::increment(context, validator)?;
    let earned = calculate(context, validator, delegation, ending_period)?;
    let outstanding = store::outstanding(context, &operator)?;
    // the order of operations can make the last digit of what was earned exceed what is there
    let rewards = earned.intersect(&outstanding);
    let (paid, remainder) = rewards.truncate()?;
    if !paid.is_zero() {
        let receiver = store::withdraw_address(context, &delegator)?;
        bank::keeper::send_coins_from_module_to_account(context, NAME, &receiver, &paid)?;
    }
    store::set_outstanding(context, &operator, &outstanding.sub(&rewards)?)?;
    store::add_to_fee_pool(context, &remainder)?;
    let info = store::starting_info(context, &operator, &delegator)?;
    periods::dereference(context, &operator, info.previous_period)?;
    store::delete_starting_info(context, &operator, &delegator)?;
    // no coins at all are shown as none of the default denomination
    let paid =
        if paid.is_zero() { Coins::from_list(vec![Coin::new(DEFAULT_BOND_DENOM, Int::ZERO)]) } else { paid };
    context.emit(
        Event::new("withdraw_rewards")
            .with(key::AMOUNT, paid.to_string())
            .with("validator", validator.operator_address.clone())
            .with("delegator", delegation.delegator_address.clone()),
    );
    Ok(paid)
}
