//! Income: the foundation's and research's shares are set aside, rounded down; the rest is free.

use cosmwasm_std::{DepsMut, MessageInfo, Response, Storage, Uint128};
use cw20::Cw20ReceiveMsg;
use iz_contract_types::asset::Asset;

use crate::error::ContractError;
use crate::outflow::asset_key;
use crate::state::{CONFIG, FOUNDATION, RESEARCH};
use crate::treasury::reserve;

pub fn native(deps: DepsMut<'_>, info: &MessageInfo) -> Result<Response, ContractError> {
    match info.funds.as_slice() {
        [coin] => split(deps.storage, &Asset::Native { denom: coin.denom.clone() }, coin.amount),
        funds => Err(ContractError::NotOneCoin { count: funds.len() }),
    }
}

/// The token says what it sent. One that lies makes promises in itself only.
pub fn cw20(
    deps: DepsMut<'_>,
    info: &MessageInfo,
    received: &Cw20ReceiveMsg,
) -> Result<Response, ContractError> {
    split(deps.storage, &Asset::Cw20 { address: info.sender.to_string() }, received.amount)
}

fn split(storage: &mut dyn Storage, asset: &Asset, amount: Uint128) -> Result<Response, ContractError> {
    if amount.is_zero() {
        return Err(ContractError::ZeroAmount);
    }
    let shares = CONFIG.load(storage)?.shares;
    let foundation = amount.multiply_ratio(shares.foundation_bps, 10_000u128);
    let research = amount.multiply_ratio(shares.research_bps, 10_000u128);
    let key = asset_key(asset);
    let owed = FOUNDATION.may_load(storage, &key)?.unwrap_or_default().checked_add(foundation)?;
    let set_aside = RESEARCH.may_load(storage, &key)?.unwrap_or_default().checked_add(research)?;
    FOUNDATION.save(storage, &key, &owed)?;
    RESEARCH.save(storage, &key, &set_aside)?;
    reserve(storage, asset, foundation.checked_add(research)?)?;
    Ok(Response::new()
        .add_attribute("action", "deposit")
        .add_attribute("asset", key)
        .add_attribute("amount", amount)
        .add_attribute("foundation", foundation)
        .add_attribute("research", research))
}
