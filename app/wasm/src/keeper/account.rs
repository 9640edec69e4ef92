//! The account of a new contract: one that exists already is taken over if nobody holds its key.

use iz_core::{Address, Coin, Coins, Context, GasMeter, Result};
use iz_modules::{
    auth::{
        keeper as accounts,
        types::{Account, Kind},
    },
    bank::keeper as bank,
    module_accounts,
};

use crate::errors;

/// Makes the contract's account, or clears the one that is at its address.
pub(super) fn claim(context: &mut Context, contract: &Address) -> Result<()> {
    let Some(existing) = accounts::account(context, contract)? else {
        return make(context, contract);
    };
    let taken = || errors::ACCOUNT_EXISTS.wrap("address is claimed by external account");
    if existing.sequence() != 0 || existing.base.pub_key.is_some() {
        return Err(taken());
    }
    if matches!(existing.kind, Kind::Base) {
        return Ok(());
    }
    make(context, contract)?;
    match burn_vesting(context, contract, &existing) {
        Ok(true) => Ok(()),
        Ok(false) => Err(taken()),
        Err(error) => Err(error.wrap("prune balance")),
    }
}

fn make(context: &mut Context, contract: &Address) -> Result<()> {
    let account = accounts::new_account(context, contract)?;
    accounts::set_account(context, contract, &account)
}

/// Coins that a vesting account was set up with would become free: they are burned. Other kinds of accounts are not taken over.
fn burn_vesting(context: &mut Context, contract: &Address, existing: &Account) -> Result<bool> {
    let Some(vesting) = existing.vesting() else { return Ok(false) };
    let meter = context.swap_gas(GasMeter::infinite());
    let burned = burn(context, contract, &vesting.original);
    context.swap_gas(meter);
    burned.map(|()| true)
}

fn burn(context: &mut Context, contract: &Address, original: &Coins) -> Result<()> {
    let mut coins = Vec::new();
    for coin in original {
        let amount = bank::balance(context, contract, &coin.denom)?;
        coins.push(Coin { denom: coin.denom.clone(), amount });
    }
    let coins = Coins::from_list(coins);
    bank::send_coins_from_account_to_module(context, contract, module_accounts::WASM, &coins)
        .map_err(|error| error.wrap("prune account balance"))?;
    bank::burn_coins(context, module_accounts::WASM, &coins)
        .map_err(|error| error.wrap("burn account balance"))
}

/// `TransferCoins`: funds from a caller to a contract. The events say nothing of a message, since none was sent.
pub(super) fn transfer(context: &mut Context, from: &Address, to: &Address, funds: &Coins) -> Result<()> {
    let earlier = context.take_events();
    let result = send(context, from, to, funds);
    let events = context.take_events();
    context.prepend_events(earlier);
    result?;
    for event in events.into_iter().filter(|event| event.kind != iz_core::event::MESSAGE) {
        context.emit(event);
    }
    Ok(())
}

fn send(context: &mut Context, from: &Address, to: &Address, funds: &Coins) -> Result<()> {
    bank::require_send_enabled(context, funds)?;
    if module_accounts::is_blocked(to) {
        let text = context.addresses().account(to);
        return Err(
            iz_core::errors::sdk::UNAUTHORIZED.wrap(format!("{text} is not allowed to receive funds"))
        );
    }
    bank::send_coins(context, from, to, funds)
}
