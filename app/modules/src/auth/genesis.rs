//! Accounts at genesis.

use std::collections::{BTreeMap, BTreeSet};

use iz_core::{AddressCodec, Chain, Context, Error, Genesis, Result};
use iz_proto::{Any, cosmos::auth::v1beta1::GenesisState};
use tendermint_proto::v0_38::abci::ValidatorUpdate;

use super::{
    encoding, keeper, params,
    types::{Account, Kind},
};
use crate::module_accounts;

pub struct AuthGenesis;

impl Genesis for AuthGenesis {
    type State = GenesisState;

    fn default_state(_chain: &Chain) -> GenesisState {
        GenesisState { params: Some(params::default()), accounts: Vec::new() }
    }

    fn validate(state: &GenesisState, chain: &Chain) -> Result<()> {
        params::validate(&state.params.unwrap_or_default())?;
        let mut seen = BTreeSet::new();
        for account in unpack(&state.accounts)? {
            let address = &account.base.address;
            if !seen.insert(address.clone()) {
                return Err(Error::plain(format!(
                    "duplicate account found in genesis state; address: {address}"
                )));
            }
            validate_account(&account, &chain.addresses).map_err(|error| {
                Error::plain(format!(
                    "invalid account found in genesis state; address: {address}, error: {error}"
                ))
            })?;
        }
        Ok(())
    }

    fn init(context: &mut Context, state: GenesisState) -> Result<Vec<ValidatorUpdate>> {
        params::set(context, &state.params.unwrap_or_default())?;
        // numbers are given out until the last one is the largest that an account brings
        let mut last = None;
        for account in renumber(unpack(&state.accounts)?) {
            while last.is_none_or(|last| last < account.number()) {
                last = Some(keeper::next_account_number(context)?);
            }
            let address = context.addresses().parse_account(&account.base.address)?;
            keeper::set_account(context, &address, &account)?;
        }
        keeper::module_account_address(context, module_accounts::FEE_COLLECTOR)?;
        Ok(Vec::new())
    }

    fn export(context: &mut Context) -> Result<GenesisState> {
        let params = Some(params::get(context)?);
        let accounts = keeper::accounts(context)?.iter().map(encoding::to_any).collect();
        Ok(GenesisState { params, accounts })
    }
}

fn unpack(accounts: &[Any]) -> Result<Vec<Account>> {
    accounts.iter().map(encoding::from_any).collect()
}

/// `SanitizeGenesisAccounts`: of accounts with one number the first keeps it, the others get the lowest free ones; then all are sorted.
fn renumber(mut accounts: Vec<Account>) -> Vec<Account> {
    let mut taken = BTreeSet::new();
    let mut duplicates: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (place, account) in accounts.iter().enumerate() {
        if !taken.insert(account.number()) {
            duplicates.entry(account.number()).or_default().push(place);
        }
    }
    let mut free = 0;
    for place in duplicates.into_values().flatten() {
        while taken.contains(&free) {
            free += 1;
        }
        accounts[place].base.account_number = free;
        taken.insert(free);
    }
    accounts.sort_by_key(Account::number);
    accounts
}

/// Addresses of keys are not compared here: a key that is not the account's own cannot sign for it, which the ante handler checks.
fn validate_account(account: &Account, addresses: &AddressCodec) -> Result<()> {
    let base = &account.base;
    match &account.kind {
        Kind::Base => {}
        Kind::Module { name, .. } => {
            if name.trim().is_empty() {
                return Err(Error::plain("module account name cannot be blank"));
            }
            if base.address != addresses.account(&iz_core::Address::module(name)) {
                return Err(Error::plain(format!(
                    "address {} cannot be derived from the module name '{name}'",
                    base.address
                )));
            }
        }
        Kind::Interchain { owner } if owner.trim().is_empty() => {
            return Err(Error::plain("AccountOwner cannot be empty"));
        }
        Kind::Interchain { .. } => {}
        Kind::Vesting(vesting) => vesting.validate()?,
    }
    if !base.address.is_empty() && base.pub_key.is_some() {
        addresses.parse_account(&base.address)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn numbered(byte: u8, number: u64) -> Account {
        let context = testing::context();
        let mut account = Account::base(context.addresses(), &testing::account(byte));
        account.base.account_number = number;
        account
    }

    fn numbers(accounts: &[Account]) -> Vec<u64> {
        accounts.iter().map(Account::number).collect()
    }

    #[test]
    fn equal_numbers_move_to_the_lowest_free_ones() {
        let accounts = vec![numbered(1, 0), numbered(2, 0), numbered(3, 2), numbered(4, 0)];
        assert_eq!(numbers(&renumber(accounts)), [0, 1, 2, 3]);
    }

    #[test]
    fn the_fee_collector_follows_the_accounts_of_genesis() {
        let mut context = testing::context();
        let accounts = [numbered(1, 0), numbered(2, 0), numbered(3, 5)];
        let state = GenesisState {
            params: Some(params::default()),
            accounts: accounts.iter().map(encoding::to_any).collect(),
        };
        AuthGenesis::validate(&state, &context.chain.clone()).unwrap();
        AuthGenesis::init(&mut context, state).unwrap();
        let collector = keeper::module_account(&mut context, "fee_collector").unwrap().unwrap();
        assert_eq!(collector.number(), 6);
        let exported = AuthGenesis::export(&mut context).unwrap();
        assert_eq!(exported.accounts.len(), 4);
    }
}
