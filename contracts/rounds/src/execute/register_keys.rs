//! A client's keys, possession of both shown. New ones replace the old.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use iz_contract_kit::keys;
use iz_contract_types::keys::KeyRegistration;

use crate::error::ContractError;
use crate::state::KEYS;

pub fn register_keys(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    registration: &KeyRegistration,
) -> Result<Response, ContractError> {
    let keys = keys::registered(deps.api, env, &info.sender, registration)?;
    KEYS.save(deps.storage, &info.sender, &keys)?;
    Ok(Response::new().add_attribute("action", "register_keys").add_attribute("owner", &info.sender))
}
