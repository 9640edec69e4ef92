//! How much there is of each denomination.

use iz_core::{Coin, Coins, Context, Int, Result, stores};
use iz_store::KeyRange;

use super::{balances, keys};

/// `GetSupply`.
pub fn supply(context: &mut Context, denom: &str) -> Result<Int> {
    let bytes = context.get(stores::BANK, &keys::supply(denom))?;
    bytes.map_or(Ok(Int::ZERO), |bytes| Ok(balances::coin(denom.as_bytes(), &bytes)?.amount))
}

/// `HasSupply`.
pub fn has_supply(context: &mut Context, denom: &str) -> Result<bool> {
    context.has(stores::BANK, &keys::supply(denom))
}

/// A supply of zero is none.
pub fn set_supply(context: &mut Context, coin: &Coin) -> Result<()> {
    let key = keys::supply(&coin.denom);
    if coin.amount.is_zero() {
        context.delete(stores::BANK, key)
    } else {
        context.set(stores::BANK, key, coin.amount.to_string())
    }
}

/// The supply of every denomination.
pub fn total_supply(context: &mut Context) -> Result<Coins> {
    let entries = context.collect(stores::BANK, KeyRange::prefix(keys::SUPPLY.to_vec()))?;
    let coins = entries.iter().map(|(key, value)| balances::coin(&key[keys::SUPPLY.len()..], value));
    coins.collect::<Result<_>>().map(Coins::from_list)
}
