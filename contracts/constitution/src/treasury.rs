//! What the treasury has, and what of it is free.
//!
//! Its balance is the bank's or the token's: unlike elsewhere, what someone sends here unasked is the treasury's. What is promised is
//! kept in `RESERVED` and can be spent by nothing but the promise.

use cosmwasm_std::{
    Addr, BankMsg, Coin, CosmosMsg, Env, QuerierWrapper, StdResult, Storage, Uint128, WasmMsg, to_json_binary,
};
use cw20::{BalanceResponse, Cw20ExecuteMsg, Cw20QueryMsg};
use iz_contract_types::asset::Asset;

use crate::error::ContractError;
use crate::outflow::asset_key;
use crate::state::RESERVED;

pub fn balance(querier: &QuerierWrapper<'_>, env: &Env, asset: &Asset) -> StdResult<Uint128> {
    match asset {
        Asset::Native { denom } => Ok(querier.query_balance(&env.contract.address, denom)?.amount),
        Asset::Cw20 { address } => {
            let query = Cw20QueryMsg::Balance { address: env.contract.address.to_string() };
            Ok(querier.query_wasm_smart::<BalanceResponse>(address, &query)?.balance)
        }
    }
}

pub fn reserved(storage: &dyn Storage, asset: &Asset) -> StdResult<Uint128> {
    Ok(RESERVED.may_load(storage, &asset_key(asset))?.unwrap_or_default())
}

/// Refuses to take more than is free.
pub fn require_free(
    storage: &dyn Storage,
    querier: &QuerierWrapper<'_>,
    env: &Env,
    asset: &Asset,
    asked: Uint128,
) -> Result<(), ContractError> {
    let free = balance(querier, env, asset)?.saturating_sub(reserved(storage, asset)?);
    if asked > free {
        return Err(ContractError::TreasuryShort { asset: asset_key(asset), asked, free });
    }
    Ok(())
}

pub fn reserve(storage: &mut dyn Storage, asset: &Asset, amount: Uint128) -> Result<(), ContractError> {
    let sum = reserved(storage, asset)?.checked_add(amount)?;
    Ok(RESERVED.save(storage, &asset_key(asset), &sum)?)
}

pub fn release(storage: &mut dyn Storage, asset: &Asset, amount: Uint128) -> Result<(), ContractError> {
    let rest = reserved(storage, asset)?.checked_sub(amount)?;
    Ok(RESERVED.save(storage, &asset_key(asset), &rest)?)
}

pub fn transfer(asset: &Asset, recipient: &Addr, amount: Uint128) -> StdResult<CosmosMsg> {
    Ok(match asset {
        Asset::Native { denom } => BankMsg::Send {
            to_address: recipient.to_string(),
            amount: vec![Coin { denom: denom.clone(), amount }],
        }
        .into(),
        Asset::Cw20 { address } => WasmMsg::Execute {
            contract_addr: address.clone(),
            msg: to_json_binary(&Cw20ExecuteMsg::Transfer { recipient: recipient.to_string(), amount })?,
            funds: Vec::new(),
        }
        .into(),
    })
}
