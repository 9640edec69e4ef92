//! Scores of the groups and figures of the gates: committed to first, opened when nobody can copy any more.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use iz_rounds_machine::{Digest, score::Sheet};

use crate::error::ContractError;
use crate::state::{COMMITMENTS, ROUNDS, SHEETS, member, round};

pub fn commit(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    id: u64,
    commitment: &Digest,
) -> Result<Response, ContractError> {
    let (mut round, _) = round(deps.storage, id)?;
    let seat = member(deps.storage, id, &info.sender)?.seat;
    round.commit_scores(seat, env.block.time.seconds())?;
    COMMITMENTS.save(deps.storage, (id, seat), commitment)?;
    ROUNDS.save(deps.storage, id, &round)?;
    Ok(Response::new()
        .add_attribute("action", "commit_scores")
        .add_attribute("round", id.to_string())
        .add_attribute("seat", seat.to_string()))
}

pub fn reveal(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    id: u64,
    sheet: &Sheet,
    salt: &Digest,
) -> Result<Response, ContractError> {
    let (mut round, _) = round(deps.storage, id)?;
    let seat = member(deps.storage, id, &info.sender)?.seat;
    let opened = sheet.commitment(env.contract.address.as_str(), id, info.sender.as_str(), salt);
    let committed = COMMITMENTS.may_load(deps.storage, (id, seat))?;
    round.reveal_scores(seat, sheet, opened, committed, env.block.time.seconds())?;
    SHEETS.save(deps.storage, (id, seat), sheet)?;
    ROUNDS.save(deps.storage, id, &round)?;
    Ok(Response::new()
        .add_attribute("action", "reveal_scores")
        .add_attribute("round", id.to_string())
        .add_attribute("seat", seat.to_string()))
}
