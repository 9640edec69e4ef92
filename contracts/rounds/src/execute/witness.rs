//! A member says whose upload it holds with a share that opens.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use iz_rounds_machine::Bitmap;

use crate::error::ContractError;
use crate::state::{ANSWERS, ROLLS, ROUNDS, member, round};

pub fn witness(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    id: u64,
    clients: &Bitmap,
) -> Result<Response, ContractError> {
    let (mut round, _) = round(deps.storage, id)?;
    let seat = member(deps.storage, id, &info.sender)?.seat;
    let roll = ROLLS.load(deps.storage, id)?;
    round.witness(&roll, seat, clients, env.block.time.seconds())?;
    ANSWERS.save(deps.storage, (id, seat), clients)?;
    ROUNDS.save(deps.storage, id, &round)?;
    Ok(Response::new()
        .add_attribute("action", "witness")
        .add_attribute("round", id.to_string())
        .add_attribute("seat", seat.to_string()))
}
