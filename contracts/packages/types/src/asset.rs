//! What a contract can be paid with: a denomination of the chain, or a cw20 token.

use std::fmt;

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{BankMsg, Binary, Coin, CosmosMsg, StdResult, Uint128, WasmMsg, to_json_binary};
use cw20::Cw20ExecuteMsg;

#[cw_serde]
#[derive(Eq, PartialOrd, Ord, Hash)]
pub enum Asset {
    /// A denomination of the bank.
    Native { denom: String },
    /// A cw20 contract, ZERO among them.
    Cw20 { address: String },
}

impl Asset {
    pub fn native(denom: impl Into<String>) -> Self {
        Self::Native { denom: denom.into() }
    }

    pub fn cw20(address: impl Into<String>) -> Self {
        Self::Cw20 { address: address.into() }
    }

    /// The key of an asset in maps. The two kinds cannot meet: a denomination of the bank never begins with `cw20:` as a
    /// whole, since the prefix of the kind comes first in both.
    pub fn key(&self) -> String {
        match self {
            Self::Native { denom } => format!("native:{denom}"),
            Self::Cw20 { address } => format!("cw20:{address}"),
        }
    }

    /// A plain transfer, without a call to the receiver.
    pub fn transfer(&self, recipient: &str, amount: Uint128) -> StdResult<CosmosMsg> {
        Ok(match self {
            Self::Native { denom } => BankMsg::Send {
                to_address: recipient.to_string(),
                amount: vec![Coin { denom: denom.clone(), amount }],
            }
            .into(),
            Self::Cw20 { address } => WasmMsg::Execute {
                contract_addr: address.clone(),
                msg: to_json_binary(&Cw20ExecuteMsg::Transfer { recipient: recipient.to_string(), amount })?,
                funds: vec![],
            }
            .into(),
        })
    }

    /// Calls `contract` with the money: as funds of `native`, or through cw20 `Send` with `hook`.
    pub fn call(
        &self,
        contract: &str,
        amount: Uint128,
        native: Binary,
        hook: Binary,
    ) -> StdResult<CosmosMsg> {
        Ok(match self {
            Self::Native { denom } => WasmMsg::Execute {
                contract_addr: contract.to_string(),
                msg: native,
                funds: vec![Coin { denom: denom.clone(), amount }],
            }
            .into(),
            Self::Cw20 { address } => WasmMsg::Execute {
                contract_addr: address.clone(),
                msg: to_json_binary(&Cw20ExecuteMsg::Send {
                    contract: contract.to_string(),
                    amount,
                    msg: hook,
                })?,
                funds: vec![],
            }
            .into(),
        })
    }
}

impl fmt::Display for Asset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.key())
    }
}
