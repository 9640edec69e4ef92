//! The ledgers that money here belongs to.

use cosmwasm_std::{Addr, Storage, Uint128};
use iz_contract_types::asset::Asset;

use crate::error::ContractError;
use crate::state::{BALANCES, EARNED};

pub fn earn(
    storage: &mut dyn Storage,
    app: &str,
    asset: &Asset,
    amount: Uint128,
) -> Result<(), ContractError> {
    let key = asset.key();
    let had = EARNED.may_load(storage, (app, &key))?.unwrap_or_default();
    EARNED.save(storage, (app, &key), &had.checked_add(amount)?)?;
    Ok(())
}

/// Takes from a prepaid balance.
pub fn debit(
    storage: &mut dyn Storage,
    owner: &Addr,
    asset: &Asset,
    amount: Uint128,
) -> Result<(), ContractError> {
    let key = asset.key();
    let balance = BALANCES.may_load(storage, (owner, &key))?.unwrap_or_default();
    let rest = balance
        .checked_sub(amount)
        .map_err(|_| ContractError::BalanceTooSmall { balance, wanted: amount })?;
    if rest.is_zero() {
        BALANCES.remove(storage, (owner, &key));
    } else {
        BALANCES.save(storage, (owner, &key), &rest)?;
    }
    Ok(())
}
