//! Settle: moves an artefact's income one hop up, and the rest to its owner. Anyone asks; nobody gains by asking.

use cosmwasm_std::{DepsMut, Response};
use iz_contract_types::asset::Asset;

use crate::error::ContractError;
use crate::inflow;
use crate::tokens;

pub fn settle(deps: DepsMut<'_>, id: String, asset: Asset) -> Result<Response, ContractError> {
    tokens::load(deps.storage, &id)?;
    let amount = inflow::settle(deps.storage, &id, &asset.key())?;
    if amount.is_zero() {
        return Err(ContractError::NothingPending {});
    }
    Ok(Response::new()
        .add_attribute("action", "settle")
        .add_attribute("token_id", id)
        .add_attribute("asset", asset.key())
        .add_attribute("amount", amount))
}
