//! The index at any time: a line between levels two and three months old, so that its course is public weeks before it is run.
//!
//! At midnight on the first of a month the index is the level of the third month before; from there it goes straight to that of the second
//! month before (at midnights, the reference index of inflation-protected treasuries). Without the next level it stands still; a level
//! that comes late is caught up with over 28 days, from wherever the index stands. So the index never jumps.

use cosmwasm_std::{Decimal256, Order, Storage, Uint256};
use cw_storage_plus::Bound;

use crate::calendar::{begins, month_of};
use crate::error::ContractError;
use crate::state::{CATCH_UPS, KNOWN, LEVELS};

const DAY: u64 = 86_400;
/// How long it takes to catch up with a late print.
const CATCH_UP: u64 = 28 * DAY;
/// Standing still for longer than this is stale.
const STALE: u64 = 75 * DAY;

/// The index at a time.
#[derive(Debug, PartialEq)]
pub struct Index {
    pub value: Decimal256,
    /// Where it would be had no print been late.
    pub target: Decimal256,
    pub held_since: Option<u64>,
    pub stale: bool,
    pub newest: u32,
}

/// The index at `time`, as far as it was known then.
pub fn index_at(storage: &dyn Storage, time: u64) -> Result<Index, ContractError> {
    let newest = last_until(storage, time, |storage, range| {
        KNOWN.range(storage, None, range, Order::Descending).next().transpose()
    })?;
    let Some((_, newest)) = newest else { return Err(ContractError::BeforeBeginning) };

    let month = month_of(time);
    let (target, held_since) = if newest + 2 >= month {
        let (from, to) = (level(storage, month - 3)?, level(storage, month - 2)?);
        let start = begins(month);
        (between(from, to, time - start, begins(month + 1) - start), None)
    } else {
        (level(storage, newest)?, Some(begins(newest + 3)))
    };

    let catch_up = last_until(storage, time, |storage, range| {
        CATCH_UPS.range(storage, None, range, Order::Descending).next().transpose()
    })?;
    let value = match catch_up {
        Some((since, from)) if time - since < CATCH_UP => between(from, target, time - since, CATCH_UP),
        _ => target,
    };
    let stale = held_since.is_some_and(|since| time - since > STALE);
    Ok(Index { value, target, held_since, stale, newest })
}

type Found<T> = Result<Option<(u64, T)>, ContractError>;

fn last_until<'a, T>(
    storage: &'a dyn Storage,
    time: u64,
    find: impl FnOnce(&'a dyn Storage, Option<Bound<'a, u64>>) -> Result<Option<(u64, T)>, cosmwasm_std::StdError>,
) -> Found<T> {
    Ok(find(storage, Some(Bound::inclusive(time)))?)
}

fn level(storage: &dyn Storage, month: u32) -> Result<Decimal256, ContractError> {
    let stored = LEVELS.may_load(storage, month)?.ok_or(ContractError::BeforeBeginning)?;
    Ok(stored.level)
}

/// `from + (to - from) · part / whole`, rounded towards `from`. Levels have at most 128 bits, so nothing overflows.
fn between(from: Decimal256, to: Decimal256, part: u64, whole: u64) -> Decimal256 {
    let (part, whole) = (Uint256::from(part), Uint256::from(whole));
    let (start, end) = (from.atomics(), to.atomics());
    let atomics = if end >= start {
        start + (end - start) * part / whole
    } else {
        start - (start - end) * part / whole
    };
    Decimal256::new(atomics)
}
