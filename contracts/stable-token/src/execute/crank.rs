//! Settles the queue when its time has come, and looks at the solvency. For anyone.

use cosmwasm_std::{DepsMut, Env, Response};

use crate::books::Books;
use crate::error::ContractError;
use crate::queue::settle_due;

pub fn crank(deps: DepsMut<'_>, env: &Env) -> Result<Response, ContractError> {
    let mut books = Books::open(deps.as_ref(), env)?;
    let settled = settle_due(deps.storage, env, &mut books)?;
    let response = Response::new()
        .add_attribute("action", "crank")
        .add_attribute("settled", settled)
        .add_attribute("mode", format!("{:?}", books.mode()));
    books.close(deps.storage)?;
    Ok(response)
}
