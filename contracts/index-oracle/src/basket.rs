//! From agreed values to prints, from prints to the basket's level of a month.

use cosmwasm_std::{Decimal, Decimal256, Env, HexBinary, Storage, Uint256};

use crate::calendar::{begins, period};
use crate::error::ContractError;
use crate::index::index_at;
use crate::state::{
    BASKET, Basket, CATCH_UPS, HELD, Held, KNOWN, LEVELS, PRINTS, Series, StoredLevel, StoredPrint, VOTES,
};

/// How many months one message may complete. Only weights that drop a series which had fallen behind complete more than one.
const MONTHS_AT_ONCE: u32 = 24;

/// Whether a print may follow another without the admin: at most 2.5% up or down.
pub fn ordinary(before: Decimal, value: Decimal) -> bool {
    let (before, value) = (Uint256::from(before.atomics()), Uint256::from(value.atomics()));
    let thousand = Uint256::from(1000u16);
    value * thousand <= before * Uint256::from(1025u16) && value * thousand >= before * Uint256::from(975u16)
}

/// What became of a value that enough reporters gave.
pub enum Settled {
    /// A print. How many months the basket completed with it.
    Printed { months: u32 },
    /// It waits for the admin.
    Held,
}

/// Settles the next month of a series, unless the value is one that the admin has to confirm.
pub fn settle(
    storage: &mut dyn Storage,
    env: &Env,
    mut basket: Basket,
    at: usize,
    value: Decimal,
    source_hash: HexBinary,
    confirmed: bool,
) -> Result<Settled, ContractError> {
    let series = basket.components.get_mut(at).ok_or(ContractError::OutOfRange)?;
    if !confirmed && !follows(storage, series, value)? {
        HELD.save(storage, &series.name, &Held { value, source_hash })?;
        return Ok(Settled::Held);
    }
    let accepted_at = env.block.time.seconds();
    let print = StoredPrint { value, source_hash: Some(source_hash), accepted_at };
    PRINTS.save(storage, (&series.name, series.next), &print)?;
    series.next += 1;
    series.printed = true;
    VOTES.remove(storage, &series.name);
    HELD.remove(storage, &series.name);
    let months = complete(storage, env, &mut basket)?;
    BASKET.save(storage, &basket)?;
    Ok(Settled::Printed { months })
}

fn follows(storage: &dyn Storage, series: &Series, value: Decimal) -> Result<bool, ContractError> {
    if !series.printed {
        return Ok(false);
    }
    let before = PRINTS.load(storage, (&series.name, series.next - 1))?;
    Ok(ordinary(before.value, value))
}

/// Completes the months for which every series that counts has a print; says how many.
pub fn complete(storage: &mut dyn Storage, env: &Env, basket: &mut Basket) -> Result<u32, ContractError> {
    let now = env.block.time.seconds();
    for done in 0..MONTHS_AT_ONCE {
        let month = basket.newest + 1;
        if basket.components.iter().any(|series| series.weight_bps > 0 && series.next <= month) {
            return Ok(done);
        }
        let level = level(storage, basket, month)?;
        if now > begins(month + 2) {
            // the index already stands still at the level before: it goes on from where it is
            let standing = index_at(storage, now)?.value;
            CATCH_UPS.save(storage, now, &standing)?;
        }
        LEVELS.save(storage, month, &StoredLevel { level, accepted_at: now })?;
        KNOWN.save(storage, now, &month)?;
        basket.newest = month;
    }
    Ok(MONTHS_AT_ONCE)
}

/// Chain factor × Σ weight · print / base.
pub fn level(storage: &dyn Storage, basket: &Basket, month: u32) -> Result<Decimal256, ContractError> {
    let one = Decimal256::one().atomics();
    let mut sum = Uint256::zero();
    for series in basket.components.iter().filter(|series| series.weight_bps > 0) {
        let print = print_at(storage, series, month)?;
        let weighted = Uint256::from(print.atomics()) * Uint256::from(series.weight_bps) * one;
        // a base is a print, and prints are not zero
        sum += weighted / Uint256::from(series.base.atomics());
    }
    let relative = Decimal256::new(sum / Uint256::from(10_000u16));
    let level = basket.chain_factor.checked_mul(relative).map_err(|_| ContractError::OutOfRange)?;
    if level.is_zero() || Decimal::try_from(level).is_err() {
        return Err(ContractError::OutOfRange);
    }
    Ok(level)
}

pub fn print_at(storage: &dyn Storage, series: &Series, month: u32) -> Result<Decimal, ContractError> {
    PRINTS
        .may_load(storage, (&series.name, month))?
        .map(|print| print.value)
        .ok_or_else(|| ContractError::NoPrintAtLink { series: series.name.clone(), period: period(month) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_and_a_half_percent_are_ordinary_and_no_more() {
        let before = Decimal::percent(10_000);
        for (value, expected) in
            [(10_250, true), (10_251, false), (9_750, true), (9_749, false), (10_000, true)]
        {
            assert_eq!(ordinary(before, Decimal::percent(value)), expected, "{value}");
        }
        assert!(ordinary(Decimal::MAX, Decimal::MAX));
        assert!(!ordinary(Decimal::MAX, Decimal::one()));
    }
}
