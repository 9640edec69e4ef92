//! Balances and supply at genesis.

use std::collections::{BTreeMap, BTreeSet};

use iz_core::{Address, Chain, Coin, Coins, Context, Error, Genesis, Int, Result, coin::validate_denom};
use iz_proto::cosmos::bank::v1beta1::{Balance, GenesisState, SendEnabled};
use tendermint_proto::v0_38::abci::ValidatorUpdate;

use super::{balances, metadata, params, supply};
use crate::convert::{coins_from_proto, coins_to_proto};

pub struct BankGenesis;

impl Genesis for BankGenesis {
    type State = GenesisState;

    fn default_state(_chain: &Chain) -> GenesisState {
        GenesisState { params: Some(params::with_default(true)), ..GenesisState::default() }
    }

    fn validate(state: &GenesisState, chain: &Chain) -> Result<()> {
        let bank_params = state.params.clone().unwrap_or_default();
        if !params::legacy_entries(&bank_params).is_empty() && !state.send_enabled.is_empty() {
            return Err(Error::plain(
                "send_enabled defined in both the send_enabled field and in params (deprecated)",
            ));
        }
        params::validate(&bank_params)?;
        validate_send_enabled(&state.send_enabled)?;
        let total = validate_balances(&state.balances, chain)?;
        let mut seen = BTreeSet::new();
        for entry in &state.denom_metadata {
            if !seen.insert(&entry.base) {
                return Err(Error::plain(format!("duplicate client metadata for denom {}", entry.base)));
            }
            metadata::validate(entry)?;
        }
        if !state.supply.is_empty() {
            let supply = coins_from_proto(&state.supply)?;
            supply.validate()?;
            require_equal(&supply, &total)?;
        }
        Ok(())
    }

    fn init(context: &mut Context, state: GenesisState) -> Result<Vec<ValidatorUpdate>> {
        let bank_params = state.params.clone().unwrap_or_default();
        params::set(context, &bank_params)?;
        for entry in send_enabled_entries(&state) {
            params::set_send_enabled(context, &entry)?;
        }
        let mut total: BTreeMap<String, Int> = BTreeMap::new();
        for (address, coins) in sorted(context, &state.balances)? {
            for coin in &coins {
                balances::write_balance(context, &address, &coin.denom, coin.amount)?;
                let sum = total.entry(coin.denom.clone()).or_default();
                *sum = sum.add(coin.amount)?;
            }
        }
        let coins = total.into_iter().filter(|(_, amount)| !amount.is_zero());
        let total = Coins::from_list(coins.map(|(denom, amount)| Coin { denom, amount }).collect());
        if !state.supply.is_empty() {
            require_equal(&coins_from_proto(&state.supply)?, &total)?;
        }
        for coin in &total {
            supply::set_supply(context, coin)?;
        }
        for entry in &state.denom_metadata {
            metadata::set_metadata(context, entry)?;
        }
        Ok(Vec::new())
    }

    fn export(context: &mut Context) -> Result<GenesisState> {
        let supply = coins_to_proto(&supply::total_supply(context)?);
        let params = Some(params::get(context)?);
        let balances = balances::accounts_balances(context)?;
        let balances = balances.iter().map(|(address, coins)| Balance {
            address: context.addresses().account(address),
            coins: coins_to_proto(coins),
        });
        Ok(GenesisState {
            params,
            balances: balances.collect(),
            supply,
            denom_metadata: metadata::all_metadata(context)?,
            send_enabled: params::all_send_enabled(context)?,
        })
    }
}

fn require_equal(declared: &Coins, total: &Coins) -> Result<()> {
    let mut declared = declared.clone().into_vec();
    declared.sort_by(|a, b| a.denom.cmp(&b.denom));
    if declared == total.as_slice() {
        return Ok(());
    }
    let declared = Coins::from_list(declared);
    Err(Error::plain(format!("genesis supply is incorrect, expected {declared}, got {total}")))
}

fn validate_send_enabled(entries: &[SendEnabled]) -> Result<()> {
    let mut seen = BTreeSet::new();
    for entry in entries {
        if !seen.insert(&entry.denom) {
            return Err(Error::plain(format!("duplicate send enabled found: '{}'", entry.denom)));
        }
        validate_denom(&entry.denom)?;
    }
    Ok(())
}

/// The sum of all balances.
fn validate_balances(balances: &[Balance], chain: &Chain) -> Result<Coins> {
    let (mut seen, mut total) = (BTreeSet::new(), Coins::empty());
    for balance in balances {
        if !seen.insert(&balance.address) {
            return Err(Error::plain(format!("duplicate balance for address {}", balance.address)));
        }
        chain.addresses.parse_account(&balance.address)?;
        let coins = coins_from_proto(&balance.coins)?;
        coins.validate()?;
        total = total.add(&coins)?;
    }
    Ok(total)
}

/// `GetAllSendEnabled`: the list, and those of params that it does not name.
fn send_enabled_entries(state: &GenesisState) -> Vec<SendEnabled> {
    let known: BTreeSet<&str> = state.send_enabled.iter().map(|entry| &*entry.denom).collect();
    let legacy = state.params.as_ref().map(params::legacy_entries).unwrap_or_default();
    let more = legacy.iter().filter(|entry| !known.contains(&*entry.denom));
    state.send_enabled.iter().chain(more).cloned().collect()
}

/// Balances in the order of addresses' bytes.
fn sorted(context: &Context, balances: &[Balance]) -> Result<Vec<(Address, Coins)>> {
    let parse = |balance: &Balance| {
        let address = context.addresses().parse_account(&balance.address)?;
        Ok((address, coins_from_proto(&balance.coins)?))
    };
    let mut sorted = balances.iter().map(parse).collect::<Result<Vec<_>>>()?;
    sorted.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(sorted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn genesis_comes_out_as_it_went_in() {
        let mut context = testing::context();
        let balance = |byte, amount: i64| Balance {
            address: context.addresses().account(&testing::account(byte)),
            coins: coins_to_proto(&Coins::one(Coin::new("stake", amount))),
        };
        let state = GenesisState {
            params: Some(params::with_default(true)),
            balances: vec![balance(2, 5), balance(1, 3)],
            send_enabled: vec![SendEnabled { denom: "gold".into(), enabled: false }],
            ..GenesisState::default()
        };
        BankGenesis::validate(&state, &context.chain).unwrap();
        BankGenesis::init(&mut context, state.clone()).unwrap();
        let exported = BankGenesis::export(&mut context).unwrap();
        assert_eq!(exported.supply, coins_to_proto(&Coins::one(Coin::new("stake", 8))));
        assert_eq!(exported.balances, [state.balances[1].clone(), state.balances[0].clone()]);
        assert_eq!(exported.send_enabled, state.send_enabled);
        let wrong = GenesisState { supply: coins_to_proto(&Coins::one(Coin::new("stake", 9))), ..state };
        assert!(BankGenesis::validate(&wrong, &context.chain).is_err());
    }
}
