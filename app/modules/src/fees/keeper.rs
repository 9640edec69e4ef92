//! What other modules and the ante chain ask of fees.

use iz_core::{Address, Coin, Coins, Context, Dec, Error, Int, Result, stores};
use iz_proto::infinitezero::fees::v1 as wire;
use iz_store::Reader as _;

use super::{
    errors, keys,
    types::{FIXED_SUPPLY, Params, Record, native_worth},
};
use crate::{bank, collections, mint};

/// Whether the genesis named this module. Asking costs no gas: where it did not, gas must be what it is without this module.
#[must_use]
pub fn is_enabled(context: &mut Context) -> bool {
    context.overlay_mut().has(stores::FEES, keys::PARAMS)
}

pub fn params(context: &mut Context) -> Result<Params> {
    Params::from_wire(&collections::item::<wire::Params>(context, stores::FEES, keys::PARAMS)?)
}

pub fn set_params(context: &mut Context, params: &Params) -> Result<()> {
    context.set_message(stores::FEES, keys::PARAMS, &params.to_wire())
}

pub fn record(context: &mut Context) -> Result<Record> {
    Record::from_wire(&collections::item::<wire::BurnRecord>(context, stores::FEES, keys::RECORD)?)
}

pub fn set_record(context: &mut Context, record: Record) -> Result<()> {
    context.set_message(stores::FEES, keys::RECORD, &record.to_wire())
}

/// Refuses a fee in a coin that is not accepted, and says what the fee is worth in the native coin, for comparison with the node's
/// minimum. None on a chain without this module, which takes every coin.
pub fn accept(context: &mut Context, fee: &Coins) -> Result<Option<Coin>> {
    if !is_enabled(context) {
        return Ok(None);
    }
    let params = params(context)?;
    let mut worth = Dec::ZERO;
    for coin in fee {
        let Some(rate) = params.rate(&coin.denom) else {
            return Err(errors::DENOM_NOT_ACCEPTED.wrap(&coin.denom));
        };
        worth = worth.add(native_worth(coin.amount, rate))?;
    }
    Ok(Some(Coin::new(params.native_denom, worth.truncate_int()?)))
}

/// Refuses settings of the minter under which the native supply could grow.
pub fn require_pinned_inflation(context: &mut Context, minter: &mint::types::Params) -> Result<()> {
    if !is_enabled(context) {
        return Ok(());
    }
    require_no_inflation(minter)
}

pub(super) fn require_no_inflation(minter: &mint::types::Params) -> Result<()> {
    if minter.inflation_max.is_zero() && minter.inflation_min.is_zero() {
        return Ok(());
    }
    Err(errors::INFLATION_IS_PINNED.wrap(format!(
        "inflation must be pinned to zero, its bounds are {} and {}",
        minter.inflation_min, minter.inflation_max
    )))
}

/// Destroys native coins of an account and counts them.
pub(super) fn burn(context: &mut Context, from: &Address, coin: Coin, record: &mut Record) -> Result<()> {
    if !coin.amount.is_positive() {
        return Ok(());
    }
    record.burned = record.burned.add(coin.amount)?;
    bank::keeper::burn_coins_of(context, from, &Coins::one(coin))
}

/// Adds to what is owed, but never more than there is of the native coin.
pub(super) fn owe(record: &mut Record, worth: Dec) -> Result<()> {
    record.owed = record.owed.add(worth)?.min(Dec::from_int(Int::from(FIXED_SUPPLY)));
    Ok(())
}

/// The price of `amount` native units in a coin of this rate, rounded up; none if it is beyond all numbers.
pub(super) fn price(amount: Int, rate: Dec) -> Result<Option<Int>> {
    match Dec::from_int(amount).quo_round_up(rate).and_then(Dec::ceil).and_then(Dec::truncate_int) {
        Ok(price) => Ok(Some(price)),
        Err(error) if error.is_panic() => Ok(None),
        Err(error) => Err(error),
    }
}

/// On a chain without this module nothing of it can be found.
pub(super) fn require_enabled(context: &mut Context) -> Result<()> {
    if is_enabled(context) { Ok(()) } else { Err(Error::plain("this chain has no fees module")) }
}
