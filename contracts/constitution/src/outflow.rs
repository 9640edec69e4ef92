//! What a message would take out of the treasury.

use cosmwasm_std::{Addr, BankMsg, CosmosMsg, StdResult, Uint128, WasmMsg, from_json};
use iz_contract_types::asset::Asset;
use iz_contract_types::constitution::ExecuteMsg;

use crate::error::ContractError;
use crate::json::Json;

/// Messages of a cw20 token with which its holder gives away an `amount`, or the right to it.
const CW20_KEYS: [&str; 4] = ["transfer", "send", "burn", "increase_allowance"];

/// Sums by asset.
#[derive(Debug, Default, PartialEq)]
pub struct Outflow(Vec<(Asset, Uint128)>);

impl Outflow {
    pub fn add(&mut self, asset: Asset, amount: Uint128) -> Result<(), ContractError> {
        if amount.is_zero() {
            return Ok(());
        }
        match self.0.iter_mut().find(|(known, _)| *known == asset) {
            Some((_, sum)) => *sum = sum.checked_add(amount)?,
            None => self.0.push((asset, amount)),
        }
        Ok(())
    }

    pub fn iter(&self) -> impl Iterator<Item = &(Asset, Uint128)> {
        self.0.iter()
    }

    /// Adds what `message` takes. `own` is the constitution: its payments and grants are messages to itself.
    pub fn add_message(&mut self, own: &Addr, message: &CosmosMsg) -> Result<(), ContractError> {
        match message {
            CosmosMsg::Bank(BankMsg::Send { amount, .. }) => {
                for coin in amount {
                    self.add(Asset::Native { denom: coin.denom.clone() }, coin.amount)?;
                }
            }
            CosmosMsg::Wasm(WasmMsg::Execute { contract_addr, msg, funds }) => {
                for coin in funds {
                    self.add(Asset::Native { denom: coin.denom.clone() }, coin.amount)?;
                }
                if contract_addr == own.as_str() {
                    let (asset, amount) = match from_json(msg)? {
                        ExecuteMsg::Spend { asset, amount, .. } => (asset, amount),
                        ExecuteMsg::CreateGrant { asset, milestones, .. } => {
                            let mut sum = Uint128::zero();
                            for milestone in milestones {
                                sum = sum.checked_add(milestone.amount)?;
                            }
                            (asset, sum)
                        }
                        _ => return Ok(()),
                    };
                    self.add(asset, amount)?;
                } else if let Some((key, body)) = Json::parse(msg)?.single()
                    && CW20_KEYS.contains(&key)
                {
                    let amount = body.field("amount").and_then(Json::text).unwrap_or_default();
                    let amount = amount.parse::<u128>().map_err(|_| ContractError::AmountUnreadable {
                        target: contract_addr.clone(),
                        key: key.to_string(),
                    })?;
                    self.add(Asset::Cw20 { address: contract_addr.clone() }, Uint128::new(amount))?;
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// Under which an asset is stored. Denominations contain slashes, so the kind goes first.
pub fn asset_key(asset: &Asset) -> String {
    match asset {
        Asset::Native { denom } => format!("native:{denom}"),
        Asset::Cw20 { address } => format!("cw20:{address}"),
    }
}

/// A named asset as it is stored: addresses checked, denominations not empty.
pub fn checked(api: &dyn cosmwasm_std::Api, asset: &Asset) -> StdResult<Asset> {
    match asset {
        Asset::Native { denom } if denom.is_empty() || denom.len() > 128 => {
            Err(cosmwasm_std::StdError::generic_err("a denomination has 1 to 128 bytes"))
        }
        Asset::Native { .. } => Ok(asset.clone()),
        Asset::Cw20 { address } => Ok(Asset::Cw20 { address: api.addr_validate(address)?.into_string() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::{Binary, coin, to_json_binary};
    use iz_contract_types::constitution::Milestone;

    fn execute(target: &str, msg: Binary) -> CosmosMsg {
        WasmMsg::Execute { contract_addr: target.into(), msg, funds: vec![coin(3, "uusdc")] }.into()
    }

    #[test]
    fn everything_that_leaves_is_counted() {
        let own = Addr::unchecked("own");
        let mut outflow = Outflow::default();
        let bank = BankMsg::Send { to_address: "a".into(), amount: vec![coin(5, "uiz"), coin(1, "uusdc")] };
        outflow.add_message(&own, &bank.into()).unwrap();
        let token = Binary::from(br#"{"send":{"contract":"x","amount":"70","msg":""}}"#.as_slice());
        outflow.add_message(&own, &execute("token", token)).unwrap();
        let milestone = Milestone { amount: Uint128::new(20), seconds: 0 };
        let grant = ExecuteMsg::CreateGrant {
            recipient: "a".into(),
            asset: Asset::Cw20 { address: "token".into() },
            milestones: vec![milestone.clone(), milestone],
            reviewer: None,
            research: false,
        };
        outflow.add_message(&own, &execute("own", to_json_binary(&grant).unwrap())).unwrap();
        let sums: Vec<_> = outflow.iter().map(|(asset, sum)| (asset_key(asset), sum.u128())).collect();
        let expected = [("native:uiz", 5), ("native:uusdc", 7), ("cw20:token", 110)];
        assert_eq!(sums, expected.map(|(key, sum)| (key.to_string(), sum)));
    }

    #[test]
    fn a_token_amount_that_cannot_be_read_is_refused() {
        for body in [r#"{"transfer":{}}"#, r#"{"burn":{"amount":"-1"}}"#, r#"{"send":{"amount":["1"]}}"#] {
            let message = execute("token", Binary::from(body.as_bytes()));
            let counted = Outflow::default().add_message(&Addr::unchecked("own"), &message);
            assert!(matches!(counted, Err(ContractError::AmountUnreadable { .. })), "{body}");
        }
    }
}
