//! Advances the clock. Every other message that changes merit does so too; this one is for quiet times.

use cosmwasm_std::{DepsMut, Env, Response};

use crate::error::ContractError;
use crate::state;

pub fn tick(deps: DepsMut<'_>, env: &Env) -> Result<Response, ContractError> {
    let clock = state::tick(deps.storage, env)?;
    Ok(Response::new().add_attribute("action", "tick").add_attribute("epoch", clock.epoch.to_string()))
}
