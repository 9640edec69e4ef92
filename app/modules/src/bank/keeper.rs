//! The bank as other modules use it: coins in and out of module accounts, made and destroyed, bonded and freed.

use iz_core::{Address, Coin, Coins, Context, Error, Result, errors::sdk};

use super::{
    balances::set_balance,
    events,
    send::{add_coins, sub_unlocked_coins},
    supply::set_supply,
};
pub use super::{
    balances::{accounts_balances, all_balances, balance, locked_coins, spendable_coin, spendable_coins},
    metadata::{metadata, set_metadata},
    params::{get as params, require_send_enabled},
    send::send_coins,
    supply::{has_supply, supply, total_supply},
};
use crate::{
    auth::{keeper as accounts, types::Account},
    module_accounts::{self, permission},
};

fn missing(module: &str) -> Error {
    Error::panic(format!("module account {module} does not exist: {}", sdk::UNKNOWN_ADDRESS.description))
}

fn module_address(module: &str) -> Result<&'static Address> {
    module_accounts::address(module).ok_or_else(|| missing(module))
}

/// The module's address; its account is made if it is not there.
fn module_account(context: &mut Context, module: &str) -> Result<&'static Address> {
    accounts::module_account_address(context, module)?.ok_or_else(|| missing(module))
}

/// The module's address, if its account may do this.
fn permitted(context: &mut Context, module: &str, permission: &str, what: &str) -> Result<&'static Address> {
    let account: Account = accounts::module_account(context, module)?.ok_or_else(|| missing(module))?;
    if !account.has_permission(permission) {
        return Err(Error::panic(format!(
            "module account {module} does not have permissions to {what}: {}",
            sdk::UNAUTHORIZED.description
        )));
    }
    module_address(module)
}

/// `SendCoinsFromModuleToAccount`: refuses module accounts as recipients.
pub fn send_coins_from_module_to_account(
    context: &mut Context,
    module: &str,
    to: &Address,
    amount: &Coins,
) -> Result<()> {
    let from = module_address(module)?;
    if module_accounts::is_blocked(to) {
        let text = context.addresses().account(to);
        return Err(sdk::UNAUTHORIZED.wrap(format!("{text} is not allowed to receive funds")));
    }
    send_coins(context, from, to, amount)
}

/// `SendCoinsFromModuleToModule`.
pub fn send_coins_from_module_to_module(
    context: &mut Context,
    from: &str,
    to: &str,
    amount: &Coins,
) -> Result<()> {
    let from = module_address(from)?;
    let to = module_account(context, to)?;
    send_coins(context, from, to, amount)
}

/// `SendCoinsFromAccountToModule`.
pub fn send_coins_from_account_to_module(
    context: &mut Context,
    from: &Address,
    module: &str,
    amount: &Coins,
) -> Result<()> {
    let to = module_account(context, module)?;
    send_coins(context, from, to, amount)
}

/// `DelegateCoinsFromAccountToModule`.
pub fn delegate_coins_from_account_to_module(
    context: &mut Context,
    from: &Address,
    module: &str,
    amount: &Coins,
) -> Result<()> {
    let to = permitted(context, module, permission::STAKING, "receive delegated coins")?;
    delegate_coins(context, from, to, amount)
}

/// `UndelegateCoinsFromModuleToAccount`.
pub fn undelegate_coins_from_module_to_account(
    context: &mut Context,
    module: &str,
    to: &Address,
    amount: &Coins,
) -> Result<()> {
    let from = permitted(context, module, permission::STAKING, "undelegate coins")?;
    undelegate_coins(context, from, to, amount)
}

/// `DelegateCoins`: locked coins may be delegated, and vesting accounts keep count of them.
pub fn delegate_coins(
    context: &mut Context,
    delegator: &Address,
    to: &Address,
    amount: &Coins,
) -> Result<()> {
    require_module_account(context, to)?;
    if !amount.is_valid() {
        return Err(sdk::INVALID_COINS.wrap(amount));
    }
    let mut balances = Vec::with_capacity(amount.as_slice().len());
    for coin in amount {
        let held = balance(context, delegator, &coin.denom)?;
        if held < coin.amount {
            return Err(sdk::INSUFFICIENT_FUNDS
                .wrap(format!("failed to delegate; {held}{} is smaller than {amount}", coin.denom)));
        }
        set_balance(context, delegator, &coin.denom, held.sub(coin.amount)?)?;
        balances.push(Coin { denom: coin.denom.clone(), amount: held });
    }
    let (now, balances) = (context.time(), Coins::from_list(balances));
    track(context, delegator, "failed to track delegation", |account| match account.vesting_mut() {
        Some(vesting) => vesting.track_delegation(now, &balances, amount).map(|()| true),
        None => Ok(false),
    })?;
    let spender = context.addresses().account(delegator);
    context.emit(events::spent(spender, amount.to_string()));
    add_coins(context, to, amount)
}

/// `UndelegateCoins`.
pub fn undelegate_coins(
    context: &mut Context,
    from: &Address,
    delegator: &Address,
    amount: &Coins,
) -> Result<()> {
    require_module_account(context, from)?;
    if !amount.is_valid() {
        return Err(sdk::INVALID_COINS.wrap(amount));
    }
    sub_unlocked_coins(context, from, amount)?;
    track(context, delegator, "failed to track undelegation", |account| match account.vesting_mut() {
        Some(vesting) => vesting.track_undelegation(amount).map(|()| true),
        None => Ok(false),
    })?;
    add_coins(context, delegator, amount)
}

fn require_module_account(context: &mut Context, address: &Address) -> Result<()> {
    if accounts::account(context, address)?.is_none() {
        let text = context.addresses().account(address);
        return Err(sdk::UNKNOWN_ADDRESS.wrap(format!("module account {text} does not exist")));
    }
    Ok(())
}

/// Lets the delegator's account count; it is written back only if it did.
fn track(
    context: &mut Context,
    address: &Address,
    failure: &str,
    count: impl FnOnce(&mut Account) -> Result<bool>,
) -> Result<()> {
    let Some(mut account) = accounts::account(context, address)? else {
        let text = context.addresses().account(address);
        return Err(sdk::UNKNOWN_ADDRESS.wrap(format!("account {text} does not exist")).wrap(failure));
    };
    if count(&mut account)? {
        accounts::set_account(context, address, &account)?;
    }
    Ok(())
}

/// `MintCoins`.
pub fn mint_coins(context: &mut Context, module: &str, amount: &Coins) -> Result<()> {
    let minter = permitted(context, module, permission::MINTER, "mint tokens")?;
    if !amount.is_valid() {
        return Err(sdk::INVALID_COINS.wrap(amount));
    }
    add_coins(context, minter, amount)?;
    for coin in amount {
        let total = supply(context, &coin.denom)?.add(coin.amount)?;
        set_supply(context, &Coin { denom: coin.denom.clone(), amount: total })?;
    }
    let minter = context.addresses().account(minter);
    context.emit(events::minted(minter, amount.to_string()));
    Ok(())
}

/// `BurnCoins`.
pub fn burn_coins(context: &mut Context, module: &str, amount: &Coins) -> Result<()> {
    let burner = permitted(context, module, permission::BURNER, "burn tokens")?;
    burn_coins_of(context, burner, amount)
}

/// [`burn_coins`] of any account, for code that needs no permission.
pub fn burn_coins_of(context: &mut Context, burner: &Address, amount: &Coins) -> Result<()> {
    if !amount.is_valid() {
        return Err(sdk::INVALID_COINS.wrap(amount));
    }
    sub_unlocked_coins(context, burner, amount)?;
    for coin in amount {
        let total = supply(context, &coin.denom)?.sub(coin.amount)?;
        if total.is_negative() {
            return Err(Error::panic(format!("negative coin amount: {total}")));
        }
        set_supply(context, &Coin { denom: coin.denom.clone(), amount: total })?;
    }
    let burner = context.addresses().account(burner);
    context.emit(events::burned(burner, amount.to_string()));
    Ok(())
}
