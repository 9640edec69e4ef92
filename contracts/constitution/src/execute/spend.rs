//! A payment by vote: at once, or with the council's signatures if it is large.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Uint128};
use iz_contract_types::asset::Asset;

use super::{only_by_vote, payments};
use crate::error::ContractError;
use crate::outflow::asset_key;
use crate::state::CONFIG;
use crate::treasury::{require_free, reserve, transfer};

pub fn spend(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    recipient: &str,
    asset: &Asset,
    amount: Uint128,
) -> Result<Response, ContractError> {
    only_by_vote(env, info)?;
    if amount.is_zero() {
        return Err(ContractError::ZeroAmount);
    }
    let recipient = deps.api.addr_validate(recipient)?;
    require_free(deps.storage, &deps.querier, env, asset, amount)?;
    let council = CONFIG.load(deps.storage)?.council;
    let joint = council.joint_above.iter().any(|limit| limit.asset == *asset && amount > limit.amount);
    let response = Response::new()
        .add_attribute("action", "spend")
        .add_attribute("recipient", &recipient)
        .add_attribute("asset", asset_key(asset))
        .add_attribute("amount", amount);
    if joint {
        reserve(deps.storage, asset, amount)?;
        let id = payments::add(deps.storage, env, recipient, asset, amount, None)?;
        return Ok(response.add_attribute("payment", id.to_string()));
    }
    Ok(response.add_message(transfer(asset, &recipient, amount)?))
}
