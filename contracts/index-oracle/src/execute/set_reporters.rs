//! The admin replaces the reporters. Reports of those who left do not count any more.

use cosmwasm_std::{DepsMut, MessageInfo, Response};
use iz_contract_kit::reporters;

use super::only_admin;
use crate::error::ContractError;
use crate::state::CONFIG;

pub fn set_reporters(
    deps: DepsMut<'_>,
    info: &MessageInfo,
    reporters: &[String],
    threshold: u32,
) -> Result<Response, ContractError> {
    only_admin(deps.storage, info)?;
    let mut config = CONFIG.load(deps.storage)?;
    config.reporters = reporters::check(deps.api, reporters, threshold)?;
    config.threshold = threshold;
    CONFIG.save(deps.storage, &config)?;
    Ok(Response::new()
        .add_attribute("action", "set_reporters")
        .add_attribute("reporters", reporters.len().to_string())
        .add_attribute("threshold", threshold.to_string()))
}
