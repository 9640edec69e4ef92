//! Sharing out what was collected: to validators by their power, the rest to the community.

use iz_core::{Address, Context, Dec, DecCoins, Event, Int, Result, Vote, event::key};

use super::{NAME, store};
use crate::{
    auth, bank,
    module_accounts::{FEE_COLLECTOR, PROTOCOL_POOL_ESCROW},
    staking::{self, types::Validator},
};

/// `AllocateTokens`: fees and new coins of the last block, for those whose votes are in this one.
pub fn allocate(context: &mut Context, total_power: i64, votes: &[Vote]) -> Result<()> {
    auth::keeper::module_account_address(context, FEE_COLLECTOR)?;
    let collected = bank::keeper::all_balances(context, &Address::module(FEE_COLLECTOR))?;
    let fees = DecCoins::from_coins(&collected)?;
    bank::keeper::send_coins_from_module_to_module(context, FEE_COLLECTOR, NAME, &collected)?;
    let pool = store::fee_pool(context)?;
    if total_power == 0 {
        return store::set_fee_pool(context, &pool.add(&fees)?);
    }
    let tax = store::params(context)?.community_tax;
    let for_validators = fees.mul_dec_truncate(Dec::one().sub(tax)?)?;
    let total = Dec::from_int(Int::from(total_power));
    let mut remaining = fees;
    for vote in votes {
        let validator = staking::keeper::get_validator_by_cons_addr(context, &vote.validator)?;
        let fraction = Dec::from_int(Int::from(vote.power)).quo_truncate(total)?;
        let reward = for_validators.mul_dec_truncate(fraction)?;
        allocate_to_validator(context, &validator, &reward)?;
        remaining = remaining.sub(&reward)?;
    }
    store::set_fee_pool(context, &pool.add(&remaining)?)
}

/// `AllocateTokensToValidator`: the commission to the validator, the rest to all who delegate to it.
pub fn allocate_to_validator(context: &mut Context, validator: &Validator, tokens: &DecCoins) -> Result<()> {
    let commission = tokens.mul_dec(validator.commission.rates.rate)?;
    let shared = tokens.sub(&commission)?;
    let operator = validator.operator(context.addresses())?;

    emit(context, "commission", &commission, validator);
    let accumulated = store::commission(context, &operator)?.add(&commission)?;
    store::set_commission(context, &operator, &accumulated)?;

    let mut current = store::current_rewards(context, &operator)?;
    current.rewards = current.rewards.add(&shared)?;
    store::set_current_rewards(context, &operator, &current)?;

    emit(context, "rewards", tokens, validator);
    let outstanding = store::outstanding(context, &operator)?.add(tokens)?;
    store::set_outstanding(context, &operator, &outstanding)
}

fn emit(context: &mut Context, kind: &'static str, amount: &DecCoins, validator: &Validator) {
    context.emit(
        Event::new(kind)
            .with(key::AMOUNT, amount.to_string())
            .with("validator", validator.operator_address.clone()),
    );
}

/// Sends the whole coins of the community's part on to the protocol pool, which is this chain's community pool.
pub fn hand_over_to_pool(context: &mut Context) -> Result<()> {
    let pool = store::fee_pool(context)?;
    if pool.is_zero() {
        return Ok(());
    }
    let (whole, rest) = pool.truncate()?;
    bank::keeper::send_coins_from_module_to_module(context, NAME, PROTOCOL_POOL_ESCROW, &whole)?;
    store::set_fee_pool(context, &rest)
}
