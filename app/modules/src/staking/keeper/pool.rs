//! The two pools of staked tokens: those of validators in the set, and all others.

use iz_core::{Address, Coin, Coins, Context, Dec, Int, Result};

use crate::{
    auth, bank,
    module_accounts::{BONDED_POOL, NOT_BONDED_POOL},
};

use super::bond_denom;

/// An amount of the bond denomination, with the parameters read for it.
pub(super) fn bond_coins(context: &mut Context, amount: Int) -> Result<Coins> {
    Coins::sanitized(vec![Coin::new(bond_denom(context)?, amount)])
}

pub fn bonded_tokens_to_not_bonded(context: &mut Context, tokens: Int) -> Result<()> {
    let coins = bond_coins(context, tokens)?;
    bank::keeper::send_coins_from_module_to_module(context, BONDED_POOL, NOT_BONDED_POOL, &coins)
}

pub fn not_bonded_tokens_to_bonded(context: &mut Context, tokens: Int) -> Result<()> {
    let coins = bond_coins(context, tokens)?;
    bank::keeper::send_coins_from_module_to_module(context, NOT_BONDED_POOL, BONDED_POOL, &coins)
}

pub fn burn_bonded_tokens(context: &mut Context, amount: Int) -> Result<()> {
    burn(context, BONDED_POOL, amount)
}

pub fn burn_not_bonded_tokens(context: &mut Context, amount: Int) -> Result<()> {
    burn(context, NOT_BONDED_POOL, amount)
}

fn burn(context: &mut Context, pool: &str, amount: Int) -> Result<()> {
    if !amount.is_positive() {
        return Ok(());
    }
    let coins = bond_coins(context, amount)?;
    bank::keeper::burn_coins(context, pool, &coins)
}

/// Address of a pool's account, which is made on first use.
pub(in crate::staking) fn pool_address(context: &mut Context, pool: &str) -> Result<Address> {
    let address = auth::keeper::module_account_address(context, pool)?;
    Ok(address.cloned().unwrap_or_else(|| Address::module(pool)))
}

pub fn total_bonded_tokens(context: &mut Context) -> Result<Int> {
    let pool = pool_address(context, BONDED_POOL)?;
    let denom = bond_denom(context)?;
    bank::keeper::balance(context, &pool, &denom)
}

pub fn staking_token_supply(context: &mut Context) -> Result<Int> {
    let denom = bond_denom(context)?;
    bank::keeper::supply(context, &denom)
}

/// Bonded tokens as a part of all tokens.
pub fn bonded_ratio(context: &mut Context) -> Result<Dec> {
    let supply = staking_token_supply(context)?;
    if !supply.is_positive() {
        return Ok(Dec::ZERO);
    }
    Dec::from_int(total_bonded_tokens(context)?).quo_int(supply)
}
