//! The messages, a file a message or a pair of one concept.

pub mod admin;
pub mod advance;
pub mod attest;
pub mod beacon;
pub mod challenge;
pub mod claim;
pub mod enrol;
pub mod open;
pub mod publish;
pub mod punish;
pub mod register_keys;
pub mod score;
pub mod settle;
pub mod stand;
pub mod submit;
pub mod sum;
pub mod withdraw;
pub mod witness;

use cosmwasm_std::{Coin, MessageInfo};
use iz_contract_types::payment::Payment;

use crate::error::ContractError;

/// Exactly the bond, or nothing where there is none.
fn exactly(info: &MessageInfo, bond: &Coin) -> Result<(), ContractError> {
    if bond.amount.is_zero() {
        return Ok(Payment::none(&info.funds)?);
    }
    match info.funds.as_slice() {
        [coin] if coin == bond => Ok(()),
        _ => Err(ContractError::WrongBond { expected: bond.clone() }),
    }
}
