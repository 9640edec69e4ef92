//! What messages and other modules ask of distribution.

use iz_core::{Address, Coins, Context, DecCoins, Error, Event, Result, errors::sdk, event::key};

use super::{NAME, allocation, errors, rewards, store};
use crate::{bank, gov, module_accounts, staking};

/// `SetWithdrawAddr`: where a delegator's rewards go from now on.
pub fn set_withdraw_address(context: &mut Context, delegator: &Address, address: &Address) -> Result<()> {
    let text = context.addresses().account(address);
    if module_accounts::is_blocked(address) {
        return Err(sdk::UNAUTHORIZED.wrap(format!("{text} is not allowed to receive external funds")));
    }
    if !store::params(context)?.withdraw_addr_enabled {
        return Err((&errors::SET_WITHDRAW_ADDRESS_DISABLED).into());
    }
    context.emit(Event::new("set_withdraw_address").with("withdraw_address", text));
    store::set_withdraw_address(context, delegator, address)
}

/// `WithdrawDelegationRewards`: pays a delegation, which goes on.
pub fn withdraw_delegation_rewards(
    context: &mut Context,
    delegator: &Address,
    operator: &Address,
) -> Result<Coins> {
    let validator = staking::keeper::get_validator(context, operator)?;
    let delegation = staking::keeper::get_delegation(context, delegator, operator)?;
    let paid = rewards::withdraw(context, &validator, &delegation)?;
    rewards::initialize(context, operator, delegator)?;
    Ok(paid)
}

/// `WithdrawValidatorCommission`: pays whole coins; the rest stays.
pub fn withdraw_validator_commission(context: &mut Context, operator: &Address) -> Result<Coins> {
    let accumulated = store::commission(context, operator)?;
    if accumulated.is_zero() {
        return Err((&errors::NO_VALIDATOR_COMMISSION).into());
    }
    let (paid, remainder) = accumulated.truncate()?;
    store::set_commission(context, operator, &remainder)?;
    let outstanding = store::outstanding(context, operator)?;
    store::set_outstanding(context, operator, &outstanding.sub(&DecCoins::from_coins(&paid)?)?)?;
    if !paid.is_zero() {
        let receiver = store::withdraw_address(context, operator)?;
        bank::keeper::send_coins_from_module_to_account(context, NAME, &receiver, &paid)?;
    }
    context.emit(Event::new("withdraw_commission").with(key::AMOUNT, paid.to_string()));
    Ok(paid)
}

/// `FundCommunityPool`: coins for distribution's own pool, from which they go on to the protocol pool with the next block.
pub fn fund_community_pool(context: &mut Context, amount: &Coins, sender: &Address) -> Result<()> {
    bank::keeper::send_coins_from_account_to_module(context, sender, NAME, amount)?;
    let pool = store::fee_pool(context)?.add(&DecCoins::from_coins(amount)?)?;
    store::set_fee_pool(context, &pool)
}

/// Coins for all who delegate to a validator.
pub fn deposit_validator_rewards(
    context: &mut Context,
    depositor: &Address,
    validator: &str,
    amount: &Coins,
) -> Result<()> {
    bank::keeper::send_coins_from_account_to_module(context, depositor, NAME, amount)?;
    let operator = context.addresses().parse_validator(validator)?;
    let validator = staking::keeper::get_validator(context, &operator)?;
    allocation::allocate_to_validator(context, &validator, &DecCoins::from_coins(amount)?)?;
    if validator.tokens.is_zero() {
        return Ok(());
    }
    // a reward so large that the next period could not hold it is refused now
    let current = store::current_rewards(context, &operator)?;
    let last = store::historical_rewards(context, &operator, current.previous_period())?;
    if last.cumulative_ratio.is_zero() {
        return Ok(());
    }
    last.cumulative_ratio.add(&current.rewards).map(drop).map_err(|error| {
        Error::plain(format!("unable to deposit coins: deposit is too large: {}", error.log()))
    })
}

/// Refuses an authority that is not the account of governance.
pub fn require_authority(context: &Context, authority: &str) -> Result<()> {
    context
        .addresses()
        .parse_account(authority)
        .map_err(|error| sdk::INVALID_ADDRESS.wrap(format!("invalid authority address: {error}")))?;
    gov::authority::require(context, authority)
}
