//! Balances: each under its account and denomination, and indexed by denomination.

use iz_core::{Address, Coin, Coins, Context, Error, Int, Result, errors::sdk, stores};
use iz_proto::cosmos::base::v1beta1::Coin as LegacyCoin;
use iz_store::KeyRange;
use prost::Message;

use super::keys;
use crate::auth::keeper as accounts;

/// A stored amount: its digits, or, long ago, a whole coin.
fn amount(bytes: &[u8]) -> Result<Int> {
    let digits = std::str::from_utf8(bytes).ok().and_then(|text| Int::from_wire(text).ok());
    match digits {
        Some(amount) => Ok(amount),
        None => {
            let coin = LegacyCoin::decode(bytes)
                .map_err(|error| Error::panic(format!("bank: a balance in the store: {error}")))?;
            Int::from_wire(&coin.amount)
        }
    }
}

/// `GetBalance`.
pub fn balance(context: &mut Context, address: &Address, denom: &str) -> Result<Int> {
    let bytes = context.get(stores::BANK, &keys::balance(address, denom))?;
    bytes.map_or(Ok(Int::ZERO), |bytes| amount(&bytes))
}

/// A balance of zero is no balance. Every write writes the index too.
pub fn set_balance(context: &mut Context, address: &Address, denom: &str, amount: Int) -> Result<()> {
    if amount.is_negative() {
        return Err(sdk::INVALID_COINS.wrap(format!("{amount}{denom}")));
    }
    if amount.is_zero() {
        context.delete(stores::BANK, keys::owner(denom, address))?;
        return context.delete(stores::BANK, keys::balance(address, denom));
    }
    write_balance(context, address, denom, amount)
}

/// Writes a balance whatever it is: genesis does so.
pub fn write_balance(context: &mut Context, address: &Address, denom: &str, amount: Int) -> Result<()> {
    context.set(stores::BANK, keys::owner(denom, address), Vec::new())?;
    context.set(stores::BANK, keys::balance(address, denom), amount.to_string())
}

/// `GetAllBalances`.
pub fn all_balances(context: &mut Context, address: &Address) -> Result<Coins> {
    let prefix = keys::balances_of(address);
    let entries = context.collect(stores::BANK, KeyRange::prefix(prefix.clone()))?;
    let coins = entries.iter().map(|(key, value)| coin(&key[prefix.len()..], value));
    coins.collect::<Result<_>>().map(Coins::from_list)
}

/// A coin from the rest of its key and its stored amount.
pub fn coin(denom: &[u8], value: &[u8]) -> Result<Coin> {
    let denom = std::str::from_utf8(denom)
        .map_err(|_| Error::panic("bank: a denomination in the store is not text"))?;
    Ok(Coin { denom: denom.to_owned(), amount: amount(value)? })
}

/// `LockedCoins`: what vesting keeps from being spent.
pub fn locked_coins(context: &mut Context, address: &Address) -> Result<Coins> {
    match accounts::vesting(context, address)? {
        Some(vesting) => vesting.locked(context.time()),
        None => Ok(Coins::empty()),
    }
}

/// `SpendableCoins`.
pub fn spendable_coins(context: &mut Context, address: &Address) -> Result<Coins> {
    let total = all_balances(context, address)?;
    let locked = locked_coins(context, address)?;
    let (spendable, negative) = total.safe_sub(&locked)?;
    Ok(if negative { Coins::empty() } else { spendable })
}

/// `SpendableCoin`.
pub fn spendable_coin(context: &mut Context, address: &Address, denom: &str) -> Result<Int> {
    let balance = balance(context, address, denom)?;
    let spendable = balance.sub(locked_coins(context, address)?.amount_of(denom))?;
    if spendable.is_negative() {
        return Err(Error::panic(format!("negative coin amount: {spendable}{denom}")));
    }
    Ok(spendable)
}

/// `GetAccountsBalances`: everyone's, in the order of addresses' bytes (shorter addresses first).
pub fn accounts_balances(context: &mut Context) -> Result<Vec<(Address, Coins)>> {
    let entries = context.collect(stores::BANK, KeyRange::prefix(keys::BALANCES.to_vec()))?;
    let mut accounts: Vec<(Address, Vec<Coin>)> = Vec::new();
    for (key, value) in entries {
        let (address, denom) = keys::split_balance(&key[keys::BALANCES.len()..])
            .ok_or_else(|| Error::panic("bank: a key of the store is damaged"))?;
        let coin = coin(denom.as_bytes(), &value)?;
        match accounts.last_mut() {
            Some((last, coins)) if *last == address => coins.push(coin),
            _ => accounts.push((address, vec![coin])),
        }
    }
    Ok(accounts.into_iter().map(|(address, coins)| (address, Coins::from_list(coins))).collect())
}
