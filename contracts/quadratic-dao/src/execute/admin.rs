//! What only the constitution may change, within limits that are code.

use cosmwasm_std::{DepsMut, MessageInfo, Response};
use iz_contract_types::quadratic_dao::Config;

use crate::config::check;
use crate::error::ContractError;
use crate::state::{CONFIG, CONSTITUTION};

pub fn update_config(
    deps: DepsMut<'_>,
    info: &MessageInfo,
    config: &Config,
) -> Result<Response, ContractError> {
    if info.sender != CONSTITUTION.load(deps.storage)? {
        return Err(ContractError::NotAdmin { sender: info.sender.to_string() });
    }
    check(config)?;
    CONFIG.save(deps.storage, config)?;
    Ok(Response::new().add_attribute("action", "update_config"))
}
