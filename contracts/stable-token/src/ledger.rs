//! Who has how much ZERO, and how young it is.

use cosmwasm_std::{Addr, Storage, Uint128};

use crate::error::ContractError;
use crate::ripening::{ByAge, Unripe};
use crate::state::{BALANCES, SUPPLY, UNRIPE};

pub fn balance(storage: &dyn Storage, holder: &Addr) -> Result<Uint128, ContractError> {
    Ok(BALANCES.may_load(storage, holder)?.unwrap_or_default())
}

pub fn unripe(storage: &dyn Storage, holder: &Addr, today: u64) -> Result<Unripe, ContractError> {
    Ok(UNRIPE.may_load(storage, holder)?.unwrap_or_default().on(today))
}

/// Takes units from a holder; says which of them were young.
pub fn debit(
    storage: &mut dyn Storage,
    holder: &Addr,
    amount: Uint128,
    today: u64,
) -> Result<ByAge, ContractError> {
    let before = balance(storage, holder)?;
    let Ok(after) = before.checked_sub(amount) else {
        return Err(ContractError::InsufficientBalance { balance: before, needed: amount });
    };
    if after.is_zero() {
        BALANCES.remove(storage, holder);
    } else {
        BALANCES.save(storage, holder, &after)?;
    }
    // most holders have no young units: one read is all that ripening costs them
    let Some(stored) = UNRIPE.may_load(storage, holder)? else { return Ok(ByAge::default()) };
    let mut unripe = stored.on(today);
    let taken = unripe.take(before, amount);
    save_unripe(storage, holder, &unripe)?;
    Ok(taken)
}

/// Gives units to a holder, of which some are young.
pub fn credit(
    storage: &mut dyn Storage,
    holder: &Addr,
    amount: Uint128,
    young: &ByAge,
    today: u64,
) -> Result<(), ContractError> {
    let after = balance(storage, holder)?.checked_add(amount)?;
    BALANCES.save(storage, holder, &after)?;
    if young.iter().any(|part| !part.is_zero()) {
        let mut unripe = unripe(storage, holder, today)?;
        unripe.add(young)?;
        save_unripe(storage, holder, &unripe)?;
    }
    Ok(())
}

/// Moves units from one holder to another; they keep their age.
pub fn transfer(
    storage: &mut dyn Storage,
    from: &Addr,
    to: &Addr,
    amount: Uint128,
    today: u64,
) -> Result<(), ContractError> {
    let young = debit(storage, from, amount, today)?;
    credit(storage, to, amount, &young, today)
}

/// Destroys a holder's units.
pub fn burn(
    storage: &mut dyn Storage,
    holder: &Addr,
    amount: Uint128,
    today: u64,
) -> Result<(), ContractError> {
    debit(storage, holder, amount, today)?;
    let supply = SUPPLY.load(storage)?.checked_sub(amount)?;
    Ok(SUPPLY.save(storage, &supply)?)
}

fn save_unripe(storage: &mut dyn Storage, holder: &Addr, unripe: &Unripe) -> Result<(), ContractError> {
    if unripe.total().is_zero() {
        UNRIPE.remove(storage, holder);
    } else {
        UNRIPE.save(storage, holder, unripe)?;
    }
    Ok(())
}
