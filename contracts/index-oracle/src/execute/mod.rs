//! A file a message.

pub mod confirm;
pub mod report;
pub mod reweight;
pub mod set_reporters;

use cosmwasm_std::{MessageInfo, Storage};

use crate::error::ContractError;
use crate::state::{BASKET, Basket, CONFIG};

fn only_admin(storage: &dyn Storage, info: &MessageInfo) -> Result<(), ContractError> {
    if CONFIG.load(storage)?.admin != info.sender {
        return Err(ContractError::NotAdmin);
    }
    Ok(())
}

/// The basket, and where in it the series is.
fn find(storage: &dyn Storage, series: &str) -> Result<(Basket, usize), ContractError> {
    let basket = BASKET.load(storage)?;
    match basket.components.iter().position(|component| component.name == series) {
        Some(at) => Ok((basket, at)),
        None => Err(ContractError::UnknownSeries(series.to_owned())),
    }
}
