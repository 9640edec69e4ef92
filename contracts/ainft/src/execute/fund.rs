//! Fund: income for an artefact, from the router or from anyone.

use cosmwasm_std::{DepsMut, Response};
use iz_contract_types::payment::Payment;

use crate::error::ContractError;
use crate::inflow;
use crate::state::ASSETS;
use crate::tokens;

pub fn fund(deps: DepsMut<'_>, payment: Payment, id: String) -> Result<Response, ContractError> {
    tokens::load(deps.storage, &id)?;
    ASSETS.receive(deps.storage, &payment)?;
    inflow::add(deps.storage, &id, &payment.asset.key(), payment.amount)?;
    Ok(Response::new()
        .add_attribute("action", "fund")
        .add_attribute("token_id", id)
        .add_attribute("asset", payment.asset.key())
        .add_attribute("amount", payment.amount))
}
