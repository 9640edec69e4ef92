//! A client's one message: the digests of its masked upload and of the shares that it sealed to the committee.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use iz_contract_types::rounds::Submission;
use iz_rounds_machine::Digest;

use crate::error::ContractError;
use crate::state::{CLIENTS, ROLLS, client, round};

pub fn submit(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    id: u64,
    upload: Digest,
    shares: Digest,
) -> Result<Response, ContractError> {
    let (round, _) = round(deps.storage, id)?;
    let mut own = client(deps.storage, id, &info.sender)?;
    let mut roll = ROLLS.load(deps.storage, id)?;
    round.submit(&mut roll, own.index, env.block.time.seconds())?;
    own.submission = Some(Submission { upload, shares });
    ROLLS.save(deps.storage, id, &roll)?;
    CLIENTS.save(deps.storage, (id, &info.sender), &own)?;
    Ok(Response::new()
        .add_attribute("action", "submit")
        .add_attribute("round", id.to_string())
        .add_attribute("index", own.index.to_string())
        .add_attribute("upload", upload.to_string())
        .add_attribute("shares", shares.to_string()))
}
