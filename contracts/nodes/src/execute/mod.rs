//! The messages, a file a concept.

pub mod admin;
pub mod benchmark;
pub mod bond;
pub mod claim;
pub mod fund;
pub mod heartbeat;
pub mod insurance;
pub mod job;
pub mod observe;
pub mod receive;
pub mod register;
pub mod round_work;
pub mod settle;
pub mod slash;
pub mod unbond;

use cosmwasm_std::{MessageInfo, Uint128};
use iz_contract_types::payment::Payment;

use crate::error::ContractError;
use crate::state::Config;

/// What came with a message, in the asset of this contract.
pub fn paid(config: &Config, info: &MessageInfo) -> Result<Uint128, ContractError> {
    taken(config, Payment::from_funds(&info.funds)?)
}

/// An amount of the asset of this contract and of no other.
pub fn taken(config: &Config, payment: Payment) -> Result<Uint128, ContractError> {
    if payment.asset == config.asset {
        Ok(payment.amount)
    } else {
        Err(ContractError::WrongAsset { found: payment.asset.to_string() })
    }
}
