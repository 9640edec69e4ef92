//! Pays out what the queue settled for the sender. Only the sender: nobody chooses the time for others.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use super::redeem::text;
use crate::books::Books;
use crate::error::ContractError;
use crate::queue;

pub fn claim(deps: DepsMut<'_>, env: &Env, info: &MessageInfo) -> Result<Response, ContractError> {
    let mut books = Books::open(deps.as_ref(), env)?;
    queue::settle_due(deps.storage, env, &mut books)?;
    books.close(deps.storage)?;
    let coins = queue::claim(deps.storage, &info.sender)?;
    Ok(Response::new()
        .add_attribute("action", "claim")
        .add_attribute("to", &info.sender)
        .add_attribute("paid", text(&coins))
        .add_messages(queue::send(&info.sender, coins)))
}
