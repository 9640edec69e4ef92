//! Pays the foundation what was set aside for it.

use cosmwasm_std::{DepsMut, Response};
use iz_contract_types::asset::Asset;

use crate::error::ContractError;
use crate::outflow::{asset_key, checked};
use crate::state::{CONFIG, FOUNDATION};
use crate::treasury::{release, transfer};

pub fn claim(deps: DepsMut<'_>, asset: &Asset) -> Result<Response, ContractError> {
    let asset = checked(deps.api, asset)?;
    let key = asset_key(&asset);
    let owed = FOUNDATION.may_load(deps.storage, &key)?.unwrap_or_default();
    if owed.is_zero() {
        return Err(ContractError::NothingToClaim);
    }
    FOUNDATION.remove(deps.storage, &key);
    release(deps.storage, &asset, owed)?;
    let foundation = deps.api.addr_validate(&CONFIG.load(deps.storage)?.shares.foundation)?;
    Ok(Response::new()
        .add_message(transfer(&asset, &foundation, owed)?)
        .add_attribute("action", "claim_foundation")
        .add_attribute("asset", key)
        .add_attribute("amount", owed))
}
