//! Delegation: whose radius a member's merit is added to.
//!
//! Radii add up linearly, so a delegate can do exactly what her delegators could do together, and nothing more. One step only: what
//! was delegated to a delegator stays with her, so there are no chains and no circles.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use crate::error::ContractError;
use crate::state::{change_member, tick};

pub fn delegate(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    to: Option<String>,
) -> Result<Response, ContractError> {
    let to = to.map(|address| deps.api.addr_validate(&address)).transpose()?;
    if to.as_ref() == Some(&info.sender) {
        return Err(ContractError::SelfDelegation);
    }
    let clock = tick(deps.storage, env)?;
    let shown = to.as_ref().map_or_else(String::new, ToString::to_string);
    change_member(deps.storage, env, &clock, &info.sender, false, |member| {
        member.delegate = to;
        Ok(())
    })?;
    Ok(Response::new()
        .add_attribute("action", "delegate")
        .add_attribute("member", &info.sender)
        .add_attribute("delegate", shown))
}
