//! Assets that inflow is taken in, what is held of each, and what is owed to whom.

use cosmwasm_std::{Addr, Order, Storage, Uint128};
use iz_contract_types::asset::Asset;
use iz_contract_types::payment::Payment;

use crate::error::ContractError;
use crate::state::{ASSETS, AssetState, OWED};

/// A transfer settles every asset first, so the list is short.
pub const MOST_ASSETS: usize = 8;

pub fn set(storage: &mut dyn Storage, asset: &Asset, active: bool) -> Result<(), ContractError> {
    let key = asset.key();
    let held = match ASSETS.may_load(storage, &key)? {
        Some(known) => known.held,
        None if ASSETS.keys(storage, None, None, Order::Ascending).count() >= MOST_ASSETS => {
            return Err(ContractError::TooManyAssets { most: MOST_ASSETS });
        }
        None => Uint128::zero(),
    };
    ASSETS.save(storage, &key, &AssetState { asset: asset.clone(), active, held })?;
    Ok(())
}

fn load(storage: &dyn Storage, asset: &Asset) -> Result<AssetState, ContractError> {
    let key = asset.key();
    ASSETS.may_load(storage, &key)?.ok_or(ContractError::UnknownAsset { asset: key })
}

pub fn check_active(storage: &dyn Storage, asset: &Asset) -> Result<AssetState, ContractError> {
    let state = load(storage, asset)?;
    if state.active { Ok(state) } else { Err(ContractError::UnknownAsset { asset: asset.key() }) }
}

/// Takes a payment in.
pub fn receive(storage: &mut dyn Storage, payment: &Payment) -> Result<(), ContractError> {
    let mut state = check_active(storage, &payment.asset)?;
    state.held = state.held.checked_add(payment.amount)?;
    ASSETS.save(storage, &payment.asset.key(), &state)?;
    Ok(())
}

/// Money leaves.
pub fn release(storage: &mut dyn Storage, asset: &Asset, amount: Uint128) -> Result<(), ContractError> {
    let mut state = load(storage, asset)?;
    state.held = state.held.checked_sub(amount)?;
    ASSETS.save(storage, &asset.key(), &state)?;
    Ok(())
}

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
