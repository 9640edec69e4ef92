//! Periods of a validator: they end whenever its delegations change or it is slashed.

use iz_core::{Address, Context, Dec, DecCoins, Error, Result};

use super::{
    store,
    types::{CurrentRewards, HistoricalRewards, SlashEvent},
};
use crate::staking::{self, types::Validator};

/// The first records of a new validator: period 0 is over, period 1 runs.
pub fn initialize(context: &mut Context, validator: &Validator) -> Result<()> {
    let operator = validator.operator(context.addresses())?;
    let first = HistoricalRewards { cumulative_ratio: DecCoins::empty(), references: 1 };
    store::set_historical_rewards(context, &operator, 0, &first)?;
    let running = CurrentRewards { rewards: DecCoins::empty(), period: 1 };
    store::set_current_rewards(context, &operator, &running)?;
    store::set_commission(context, &operator, &DecCoins::empty())?;
    store::set_outstanding(context, &operator, &DecCoins::empty())
}

/// `IncrementValidatorPeriod`: ends the running period and says which one it was.
pub fn increment(context: &mut Context, validator: &Validator) -> Result<u64> {
    let operator = validator.operator(context.addresses())?;
    let running = store::current_rewards(context, &operator)?;
    let ratio = if validator.tokens.is_zero() {
        // without tokens nobody can be paid: the community gets it
        let pool = store::fee_pool(context)?;
        let outstanding = store::outstanding(context, &operator)?;
        let pool = pool.add(&running.rewards)?;
        let outstanding = outstanding.sub(&running.rewards)?;
        store::set_fee_pool(context, &pool)?;
        store::set_outstanding(context, &operator, &outstanding)?;
        DecCoins::empty()
    } else {
        // rounded down, so that nobody can take more than there is
        running.rewards.quo_dec_truncate(Dec::from_int(validator.tokens))?
    };
    let last = store::historical_rewards(context, &operator, running.previous_period())?;
    dereference(context, &operator, running.previous_period())?;
    let ended = HistoricalRewards { cumulative_ratio: last.cumulative_ratio.add(&ratio)?, references: 1 };
    store::set_historical_rewards(context, &operator, running.period, &ended)?;
    let next = CurrentRewards { rewards: DecCoins::empty(), period: running.period.wrapping_add(1) };
    store::set_current_rewards(context, &operator, &next)?;
    Ok(running.period)
}

/// One more needs the record of a period.
pub fn reference(context: &mut Context, validator: &Address, period: u64) -> Result<()> {
    let mut record = store::historical_rewards(context, validator, period)?;
    record.references = record.references.wrapping_add(1);
    if record.references > 2 {
        return Err(Error::panic("reference count should never exceed 2"));
    }
    store::set_historical_rewards(context, validator, period, &record)
}

/// One less needs the record of a period; the last one takes it along.
pub fn dereference(context: &mut Context, validator: &Address, period: u64) -> Result<()> {
    let mut record = store::historical_rewards(context, validator, period)?;
    let Some(left) = record.references.checked_sub(1) else {
        return Err(Error::panic("cannot set negative reference count"));
    };
    if left == 0 {
        return store::delete_historical_rewards(context, validator, period);
    }
    record.references = left;
    store::set_historical_rewards(context, validator, period, &record)
}

/// Ends the period and notes what part of every stake is lost.
pub fn record_slash(context: &mut Context, operator: &Address, fraction: Dec) -> Result<()> {
    if fraction > Dec::one() || fraction.is_negative() {
        return Err(Error::panic(format!("fraction must be >=0 and <=1, current fraction: {fraction}")));
    }
    let validator = staking::keeper::get_validator(context, operator)?;
    let ended = increment(context, &validator)?;
    reference(context, operator, ended)?;
    let event = SlashEvent { period: ended, fraction };
    let height = context.height().cast_unsigned();
    store::set_slash_event(context, operator, height, ended, &event)
}
