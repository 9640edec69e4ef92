//! A file a message; those of one concept share one.

pub mod allowance;
pub mod claim;
pub mod crank;
pub mod junior;
pub mod marketing;
pub mod mint;
pub mod pledge;
pub mod redeem;
pub mod report_reserve;
pub mod settings;
pub mod transfer;

use cosmwasm_std::{Coin, MessageInfo, Storage};

use crate::error::ContractError;
use crate::state::CONFIG;

/// The one coin sent along.
fn one_coin(info: &MessageInfo) -> Result<&Coin, ContractError> {
    match info.funds.as_slice() {
        [coin] if coin.amount.is_zero() => Err(ContractError::ZeroAmount),
        [coin] => Ok(coin),
        coins => Err(ContractError::NotOneCoin(coins.len())),
    }
}

fn only_admin(storage: &dyn Storage, info: &MessageInfo) -> Result<(), ContractError> {
    if CONFIG.load(storage)?.admin != info.sender {
        return Err(ContractError::NotAdmin);
    }
    Ok(())
}
