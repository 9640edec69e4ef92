//! One file a message, or a few of one concept.

pub mod admin;
pub mod credit;
pub mod delegate;
pub mod rate;
pub mod tick;
pub mod vouching;

use cosmwasm_std::{Addr, Storage};

use crate::error::ContractError;
use crate::state::MINTERS;

const REASON_BYTES: usize = 256;

fn only_minters(storage: &dyn Storage, sender: &Addr) -> Result<(), ContractError> {
    if MINTERS.has(storage, sender) {
        Ok(())
    } else {
        Err(ContractError::NotMinter { sender: sender.to_string() })
    }
}

fn check_reason(reason: &str) -> Result<(), ContractError> {
    match reason.len() {
        1..=REASON_BYTES => Ok(()),
        length => Err(ContractError::ReasonLength { length, most: REASON_BYTES }),
    }
}
