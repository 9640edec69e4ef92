//! One file a message, or two that belong together.

pub mod admin;
pub mod close;
pub mod decision;

pub mod propose;
pub mod reclaim;
pub mod seal;
pub mod vote;

use cosmwasm_std::{Env, Storage, Uint128, Uint256};

use crate::account::square;
use crate::error::ContractError;
use crate::state::{BALLOTS, Ballot};

fn load_ballot(storage: &dyn Storage, id: u64) -> Result<Ballot, ContractError> {
    BALLOTS.may_load(storage, id)?.ok_or(ContractError::NoBallot { ballot: id })
}

fn require_voting(env: &Env, id: u64, ballot: &Ballot) -> Result<(), ContractError> {
    if env.block.time < ballot.opens || env.block.time >= ballot.closes {
        return Err(ContractError::NotVoting { ballot: id, opens: ballot.opens, closes: ballot.closes });
    }
    Ok(())
}

/// Presence may be anything from the length of the votes to the radius. A fixed presence would be the one thing in which one
/// identity differs from several: they could send a part of themselves.
fn require_presence(
    presence: Uint128,
    length_squared: Uint256,
    radius: Uint128,
) -> Result<(), ContractError> {
    if presence > radius || square(presence) < length_squared {
        return Err(ContractError::WrongPresence { presence, radius });
    }
    Ok(())
}
