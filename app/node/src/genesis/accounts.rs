//! Accounts in the genesis: with balances, vesting, or as a module's.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, anyhow, bail};
use iz_core::{Address, Coins};
use iz_proto::{
    Any,
    cosmos::{
        auth::v1beta1::{BaseAccount, GenesisState as AuthState, ModuleAccount},
        bank::v1beta1::{Balance, GenesisState as BankState},
        base::v1beta1::Coin as ProtoCoin,
        vesting::v1beta1::{
            BaseVestingAccount, ContinuousVestingAccount, DelayedVestingAccount, PeriodicVestingAccount,
            PermanentLockedAccount,
        },
    },
};
use prost::{Message, Name};

use super::{AppState, state};
use crate::setup::Setup;

/// An account to add.
pub struct NewAccount {
    pub address: Address,
    pub coins: Coins,
    pub vesting: Coins,
    /// Unix times; zero for none.
    pub vesting_start: i64,
    pub vesting_end: i64,
    /// Name of the module whose account it is, or empty.
    pub module: String,
}

/// Adds accounts; with `append`, one that is there gets the coins.
pub fn add(setup: &Setup, genesis: &mut AppState, accounts: &[NewAccount], append: bool) -> Result<()> {
    let mut auth: AuthState = state::get(genesis, "auth")?;
    let mut bank: BankState = state::get(genesis, "bank")?;
    let mut known = BTreeSet::new();
    for any in &auth.accounts {
        known.insert(base_of(any)?.address);
    }
    let mut balances: BTreeMap<String, usize> =
        bank.balances.iter().enumerate().map(|(place, balance)| (balance.address.clone(), place)).collect();
    let mut supply = to_coins(&bank.supply)?;
    for account in accounts {
        let address = setup.addresses.account(&account.address);
        if known.insert(address.clone()) {
            auth.accounts.push(account_of(account, &address)?);
        } else if !append {
            bail!(
                " Account {address} already exists\nUse `append` flag to append account at existing address"
            );
        }
        match balances.get(&address).and_then(|place| bank.balances.get_mut(*place)) {
            Some(balance) => {
                let sum =
                    to_coins(&balance.coins)?.add(&account.coins).map_err(|error| anyhow!("{error}"))?;
                balance.coins = to_proto(&sum);
            }
            None => {
                balances.insert(address.clone(), bank.balances.len());
                bank.balances.push(Balance { address, coins: to_proto(&account.coins) });
            }
        }
        supply = supply.add(&account.coins).map_err(|error| anyhow!("{error}"))?;
    }
    auth.accounts = number(auth.accounts)?;
    bank.balances = sort_balances(setup, bank.balances)?;
    bank.supply = to_proto(&supply);
    state::set(genesis, "auth", &auth)?;
    state::set(genesis, "bank", &bank)
}

/// In the order of the addresses' bytes, as the bank module wants them.
fn sort_balances(setup: &Setup, balances: Vec<Balance>) -> Result<Vec<Balance>> {
    let mut keyed = Vec::with_capacity(balances.len());
    for balance in balances {
        let address = setup
            .addresses
            .parse_account(&balance.address)
            .map_err(|error| anyhow!("{error}"))
            .with_context(|| format!("balance of {}", balance.address))?;
        keyed.push((address, balance));
    }
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(keyed.into_iter().map(|(_, balance)| balance).collect())
}

fn account_of(account: &NewAccount, address: &str) -> Result<Any> {
    let base = BaseAccount { address: address.to_owned(), ..BaseAccount::default() };
    if !account.vesting.is_zero() {
        if account.vesting.is_any_gt(&account.coins)
            || (account.coins.is_zero() && !account.vesting.is_zero())
        {
            bail!("vesting amount cannot be greater than total amount");
        }
        let vesting = BaseVestingAccount {
            base_account: Some(base),
            original_vesting: to_proto(&account.vesting),
            end_time: account.vesting_end,
            ..BaseVestingAccount::default()
        };
        if account.vesting_end == 0 {
            bail!("invalid vesting parameters; must supply start and end time or end time");
        }
        if account.vesting_end < 0 {
            bail!("failed to create base vesting account: end time cannot be negative");
        }
        if account.vesting_start == 0 {
            return Ok(pack(&DelayedVestingAccount { base_vesting_account: Some(vesting) }));
        }
        if account.vesting_start >= account.vesting_end {
            bail!("failed to validate new genesis account: vesting start-time cannot be before end-time");
        }
        return Ok(pack(&ContinuousVestingAccount {
            base_vesting_account: Some(vesting),
            start_time: account.vesting_start,
        }));
    }
    if account.module.is_empty() {
        return Ok(pack(&base));
    }
    if Address::module(&account.module) != account.address {
        bail!(
            "failed to validate new genesis account: address {address} cannot be derived from the module name '{}'",
            account.module
        );
    }
    Ok(pack(&ModuleAccount {
        base_account: Some(base),
        name: account.module.clone(),
        permissions: vec!["burner".to_owned(), "minter".to_owned()],
    }))
}

/// Gives accounts whose number is taken the lowest free one, and sorts by number.
fn number(accounts: Vec<Any>) -> Result<Vec<Any>> {
    let mut seen = BTreeSet::new();
    let mut twice: BTreeMap<u64, Vec<Any>> = BTreeMap::new();
    let mut numbered = Vec::with_capacity(accounts.len());
    for any in accounts {
        let number = base_of(&any)?.account_number;
        if seen.insert(number) {
            numbered.push((number, any));
        } else {
            twice.entry(number).or_default().push(any);
        }
    }
    let mut free = 0;
    for any in twice.into_values().flatten() {
        while !seen.insert(free) {
            free += 1;
        }
        numbered.push((free, with_number(&any, free)?));
    }
    numbered.sort_by_key(|(number, _)| *number);
    Ok(numbered.into_iter().map(|(_, any)| any).collect())
}

/// Looks at the base account inside an account of any kind, and may change it.
fn visit(any: &Any, change: impl FnOnce(&mut BaseAccount)) -> Result<(BaseAccount, Any)> {
    fn open<M: Message + Name + Default>(
        any: &Any,
        base: impl FnOnce(&mut M) -> Option<&mut BaseAccount>,
        change: impl FnOnce(&mut BaseAccount),
    ) -> Result<(BaseAccount, Any)> {
        let mut account = M::decode(any.value.as_slice())?;
        let inner = base(&mut account).context("an account of the genesis is incomplete")?;
        change(inner);
        let base = inner.clone();
        Ok((base, pack(&account)))
    }
    fn vesting(account: &mut Option<BaseVestingAccount>) -> Option<&mut BaseAccount> {
        account.as_mut()?.base_account.as_mut()
    }
    let url = any.type_url.as_str();
    if url == BaseAccount::type_url() {
        open::<BaseAccount>(any, |account| Some(account), change)
    } else if url == ModuleAccount::type_url() {
        open::<ModuleAccount>(any, |account| account.base_account.as_mut(), change)
    } else if url == DelayedVestingAccount::type_url() {
        open::<DelayedVestingAccount>(any, |account| vesting(&mut account.base_vesting_account), change)
    } else if url == ContinuousVestingAccount::type_url() {
        open::<ContinuousVestingAccount>(any, |account| vesting(&mut account.base_vesting_account), change)
    } else if url == PeriodicVestingAccount::type_url() {
        open::<PeriodicVestingAccount>(any, |account| vesting(&mut account.base_vesting_account), change)
    } else if url == PermanentLockedAccount::type_url() {
        open::<PermanentLockedAccount>(any, |account| vesting(&mut account.base_vesting_account), change)
    } else {
        bail!("the genesis has an account of kind {url}, which this command does not know")
    }
}

fn base_of(any: &Any) -> Result<BaseAccount> {
    Ok(visit(any, |_| {})?.0)
}

fn with_number(any: &Any, number: u64) -> Result<Any> {
    Ok(visit(any, |base| base.account_number = number)?.1)
}

fn pack<M: Message + Name>(message: &M) -> Any {
    Any { type_url: M::type_url(), value: message.encode_to_vec() }
}

pub fn to_proto(coins: &Coins) -> Vec<ProtoCoin> {
    coins
        .iter()
        .map(|coin| ProtoCoin { denom: coin.denom.clone(), amount: coin.amount.to_string() })
        .collect()
}

pub fn to_coins(coins: &[ProtoCoin]) -> Result<Coins> {
    let coins = coins
        .iter()
        .map(|coin| {
            let amount: iz_core::Int =
                coin.amount.parse().map_err(|error| anyhow!("{}: {error}", coin.denom))?;
            Ok(iz_core::Coin::new(coin.denom.as_str(), amount))
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(Coins::from_list(coins))
}
