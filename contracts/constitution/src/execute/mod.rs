//! One file a message, or a few of one concept.

pub mod amend;
pub mod bind;
pub mod config;
pub mod decision;
pub mod deposit;

pub mod foundation;
pub mod grants;
pub mod pauses;
pub mod payments;
pub mod spend;

use cosmwasm_std::{Env, MessageInfo};

use crate::error::ContractError;

/// A vote speaks as the constitution itself: nothing else here sends messages of its choice.
fn only_by_vote(env: &Env, info: &MessageInfo) -> Result<(), ContractError> {
    if info.sender == env.contract.address {
        Ok(())
    } else {
        Err(ContractError::OnlyByVote { sender: info.sender.to_string() })
    }
}

fn unauthorized(info: &MessageInfo) -> ContractError {
    ContractError::Unauthorized { sender: info.sender.to_string() }
}
