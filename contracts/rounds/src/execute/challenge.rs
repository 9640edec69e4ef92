//! Anyone may say, with a bond, that the aggregate is wrong, and name the right one. What it would take to recompute it lies outside
//! the chain, so the committee answers, by more than two thirds; without an answer the round is void and the bond goes back.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use iz_rounds_machine::Digest;

use super::exactly;
use crate::error::ContractError;
use crate::state::{CHALLENGES, Challenge, ROUNDS, member, round};

pub fn challenge(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    id: u64,
    claim: Digest,
) -> Result<Response, ContractError> {
    let (mut round, task) = round(deps.storage, id)?;
    exactly(info, &task.challenge_bond)?;
    round.challenge(&task.parameters, env.block.time.seconds())?;
    let challenge = Challenge { challenger: info.sender.clone(), claim, withdrawn: false };
    CHALLENGES.save(deps.storage, id, &challenge)?;
    ROUNDS.save(deps.storage, id, &round)?;
    Ok(Response::new()
        .add_attribute("action", "challenge")
        .add_attribute("round", id.to_string())
        .add_attribute("challenger", &info.sender)
        .add_attribute("claim", claim.to_string()))
}

pub fn judge(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    id: u64,
    upheld: bool,
) -> Result<Response, ContractError> {
    let (mut round, _) = round(deps.storage, id)?;
    let seat = member(deps.storage, id, &info.sender)?.seat;
    round.judge(seat, upheld, env.block.time.seconds())?;
    ROUNDS.save(deps.storage, id, &round)?;
    Ok(Response::new()
        .add_attribute("action", "judge")
        .add_attribute("round", id.to_string())
        .add_attribute("seat", seat.to_string())
        .add_attribute("upheld", upheld.to_string()))
}
