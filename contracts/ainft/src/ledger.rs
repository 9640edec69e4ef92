//! What is owed to whom.

use cosmwasm_std::{Addr, Storage, Uint128};

use crate::error::ContractError;
use crate::state::OWED;

pub fn owe(
    storage: &mut dyn Storage,
    address: &Addr,
    asset: &str,
    amount: Uint128,
) -> Result<(), ContractError> {
    if amount.is_zero() {
        return Ok(());
    }
    let had = OWED.may_load(storage, (address, asset))?.unwrap_or_default();
    OWED.save(storage, (address, asset), &had.checked_add(amount)?)?;
    Ok(())
}
