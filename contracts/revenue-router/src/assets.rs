//! The register of settlement assets: which are taken, and how much of each the router holds for others.

use cosmwasm_std::{Storage, Uint128};
use iz_contract_types::asset::Asset;
use iz_contract_types::payment::Payment;
use iz_contract_types::revenue_router::AssetStatus;

use crate::error::ContractError;
use crate::state::{ASSETS, AssetState, LEDGER};

/// Pools keep one entry an asset, so the register is short.
pub const MOST_ASSETS: usize = 16;

fn load(storage: &dyn Storage, asset: &Asset) -> Result<AssetState, ContractError> {
    let key = asset.key();
    ASSETS.may_load(storage, &key)?.ok_or(ContractError::UnknownAsset { asset: key })
}

/// Lists an asset or changes its status; what is held stays.
pub fn set(storage: &mut dyn Storage, asset: &Asset, status: AssetStatus) -> Result<(), ContractError> {
    let key = asset.key();
    let held = match ASSETS.may_load(storage, &key)? {
        Some(known) => known.held,
        None => {
            let count = ASSETS.keys(storage, None, None, cosmwasm_std::Order::Ascending).count();
            if count >= MOST_ASSETS {
                return Err(ContractError::TooManyAssets { most: MOST_ASSETS });
            }
            Uint128::zero()
        }
    };
    ASSETS.save(storage, &key, &AssetState { asset: asset.clone(), status, held })?;
    Ok(())
}

/// Takes a payment in, where fees are taken in its asset.
pub fn receive(storage: &mut dyn Storage, payment: &Payment) -> Result<(), ContractError> {
    let mut state = load(storage, &payment.asset)?;
    if state.status == AssetStatus::Draining {
        return Err(ContractError::AssetDraining { asset: payment.asset.key() });
    }
    state.held = state.held.checked_add(payment.amount)?;
    ASSETS.save(storage, &payment.asset.key(), &state)?;
    Ok(())
}

/// Money came back that was sent out.
pub fn hold_again(storage: &mut dyn Storage, asset: &Asset, amount: Uint128) -> Result<(), ContractError> {
    let mut state = load(storage, asset)?;
    state.held = state.held.checked_add(amount)?;
    ASSETS.save(storage, &asset.key(), &state)?;
    Ok(())
}

/// Money leaves.
pub fn release(storage: &mut dyn Storage, asset: &Asset, amount: Uint128) -> Result<(), ContractError> {
    let mut state = load(storage, asset)?;
    state.held = state.held.checked_sub(amount)?;
    ASSETS.save(storage, &asset.key(), &state)?;
    Ok(())
}

pub fn credit(
    storage: &mut dyn Storage,
    account: &str,
    asset: &str,
    amount: Uint128,
) -> Result<(), ContractError> {
    if amount.is_zero() {
        return Ok(());
    }
    let had = LEDGER.may_load(storage, (account, asset))?.unwrap_or_default();
    LEDGER.save(storage, (account, asset), &had.checked_add(amount)?)?;
    Ok(())
}

/// Takes everything that an account is owed of an asset.
pub fn take(storage: &mut dyn Storage, account: &str, asset: &str) -> Result<Uint128, ContractError> {
    let owed = LEDGER.may_load(storage, (account, asset))?.unwrap_or_default();
    if owed.is_zero() {
        return Err(ContractError::NothingOwed {});
    }
    LEDGER.remove(storage, (account, asset));
    Ok(owed)
}

/// Names of accounts in the ledger.
pub mod account {
    use iz_contract_types::revenue_router::SinkName;

    pub fn app(app: &str) -> String {
        format!("app/{app}")
    }

    pub fn artefact(artefact: &str) -> String {
        format!("artefact/{artefact}")
    }

    pub fn sink(sink: SinkName) -> &'static str {
        match sink {
            SinkName::Nodes => "sink/nodes",
            SinkName::Insurance => "sink/insurance",
            SinkName::Pledge => "sink/pledge",
            SinkName::Research => "sink/research",
            SinkName::Treasury => "sink/treasury",
        }
    }
}
