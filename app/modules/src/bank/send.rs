//! Coins from one account to another. This is the path most transactions take, so texts are made once and nothing is read twice that Go
//! reads once.

use iz_core::{Address, Coins, Context, Int, Result, errors::sdk};

use super::{
    balances::{balance, locked_coins, set_balance},
    events,
};
use crate::auth::keeper as accounts;

/// `SendCoins`.
pub fn send_coins(context: &mut Context, from: &Address, to: &Address, amount: &Coins) -> Result<()> {
    if !amount.is_valid() {
        return Err(sdk::INVALID_COINS.wrap(amount));
    }
    let text = amount.to_string();
    let (sender, recipient) = (context.addresses().account(from), context.addresses().account(to));
    sub_unlocked(context, from, &sender, amount, &text)?;
    add(context, to, &recipient, amount, &text)?;
    accounts::ensure_account(context, to)?;
    context.emit(events::transfer(recipient, sender.clone(), text));
    context.emit(events::message(sender));
    Ok(())
}

/// `subUnlockedCoins`.
pub fn sub_unlocked_coins(context: &mut Context, from: &Address, amount: &Coins) -> Result<()> {
    let sender = context.addresses().account(from);
    sub_unlocked(context, from, &sender, amount, &amount.to_string())
}

/// `addCoins`.
pub fn add_coins(context: &mut Context, to: &Address, amount: &Coins) -> Result<()> {
    let receiver = context.addresses().account(to);
    add(context, to, &receiver, amount, &amount.to_string())
}

fn sub_unlocked(
    context: &mut Context,
    from: &Address,
    sender: &str,
    amount: &Coins,
    amount_text: &str,
) -> Result<()> {
    let locked_coins = locked_coins(context, from)?;
    for coin in amount {
        let denom = &coin.denom;
        let balance = balance(context, from, denom)?;
        let locked = if locked_coins.is_empty() { Int::ZERO } else { locked_coins.amount_of(denom) };
        let spendable = balance.sub(locked)?;
        if spendable.is_negative() {
            return Err(sdk::INSUFFICIENT_FUNDS.wrap(format!(
                "locked amount exceeds account balance funds: {locked}{denom} > {balance}{denom}"
            )));
        }
        if spendable < coin.amount {
            return Err(sdk::INSUFFICIENT_FUNDS
                .wrap(format!("spendable balance {spendable}{denom} is smaller than {coin}")));
        }
        set_balance(context, from, denom, balance.sub(coin.amount)?)?;
    }
    context.emit(events::spent(sender.to_owned(), amount_text.to_owned()));
    Ok(())
}

fn add(context: &mut Context, to: &Address, receiver: &str, amount: &Coins, amount_text: &str) -> Result<()> {
    for coin in amount {
        let balance = balance(context, to, &coin.denom)?;
        set_balance(context, to, &coin.denom, balance.add(coin.amount)?)?;
    }
    context.emit(events::received(receiver.to_owned(), amount_text.to_owned()));
    Ok(())
}
