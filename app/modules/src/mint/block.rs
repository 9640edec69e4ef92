//! At the beginning of a block: coins are minted for the validators and delegators of the block before.

use iz_core::{Coins, Context, Event, Result, event::key};

use super::{NAME, keeper};
use crate::{bank, module_accounts, staking};

pub fn begin(context: &mut Context) -> Result<()> {
    let mut minter = keeper::minter(context)?;
    let params = keeper::params(context)?;
    let supply = staking::keeper::staking_token_supply(context)?;
    let bonded_ratio = staking::keeper::bonded_ratio(context)?;
    minter.inflation = minter.next_inflation(&params, bonded_ratio)?;
    minter.annual_provisions = minter.inflation.mul_int(supply)?;
    keeper::set_minter(context, minter)?;

    let minted = minter.block_provision(&params)?;
    let coins = Coins::one(minted.clone());
    if !coins.is_empty() {
        bank::keeper::mint_coins(context, NAME, &coins)?;
    }
    bank::keeper::send_coins_from_module_to_module(context, NAME, module_accounts::FEE_COLLECTOR, &coins)?;
    context.emit(
        Event::new(NAME)
            .with("bonded_ratio", bonded_ratio.to_string())
            .with("inflation", minter.inflation.to_string())
            .with("annual_provisions", minter.annual_provisions.to_string())
            .with(key::AMOUNT, minted.amount.to_string()),
    );
    Ok(())
}
