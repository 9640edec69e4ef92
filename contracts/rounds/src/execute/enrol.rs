//! A client takes a seat. Who stands for the committee of a round cannot be its client: it would judge its own work.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use super::exactly;
use crate::error::ContractError;
use crate::state::{CLIENTS, Client, KEYS, ROLLS, STOOD, round};

pub fn enrol(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, id: u64) -> Result<Response, ContractError> {
    let (round, task) = round(deps.storage, id)?;
    exactly(info, &task.client_bond)?;
    if !KEYS.has(deps.storage, &info.sender) {
        return Err(ContractError::NoKeys { owner: info.sender.to_string() });
    }
    if CLIENTS.has(deps.storage, (id, &info.sender)) || STOOD.has(deps.storage, (id, &info.sender)) {
        return Err(ContractError::AlreadyIn { address: info.sender.to_string(), round: id });
    }
    let mut roll = ROLLS.load(deps.storage, id)?;
    let index = round.enrol(&task.parameters, &mut roll, env.block.time.seconds())?;
    ROLLS.save(deps.storage, id, &roll)?;
    let client = Client { index, submission: None, claimed: false, withdrawn: false };
    CLIENTS.save(deps.storage, (id, &info.sender), &client)?;
    Ok(Response::new()
        .add_attribute("action", "enrol")
        .add_attribute("round", id.to_string())
        .add_attribute("client", &info.sender)
        .add_attribute("index", index.to_string()))
}
