//! Assets that are taken, what is held of each, and the ledgers that it belongs to.

use cosmwasm_std::{Addr, Order, Storage, Uint128};
use iz_contract_types::asset::Asset;
use iz_contract_types::payment::Payment;

use crate::error::ContractError;
use crate::state::{ASSETS, AssetState, BALANCES, EARNED};

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
