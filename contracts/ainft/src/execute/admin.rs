//! What the admin decides: assets and the node registry. Tokens and money are not in its reach.

use cosmwasm_std::{Api, DepsMut, MessageInfo, Response};
use iz_contract_types::asset::Asset;

use crate::error::ContractError;
use crate::state::{ASSETS, CONFIG, Config};

fn config(deps: &DepsMut<'_>, info: &MessageInfo) -> Result<Config, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    if config.admin == info.sender {
        return Ok(config);
    }
    Err(ContractError::Unauthorized { sender: info.sender.clone(), who: "the admin" })
}

pub fn check_asset(api: &dyn Api, asset: &Asset) -> Result<(), ContractError> {
    if let Asset::Cw20 { address } = asset {
        api.addr_validate(address)?;
    }
    Ok(())
}

pub fn set_asset(
    deps: DepsMut<'_>,
    info: MessageInfo,
    asset: Asset,
    active: bool,
) -> Result<Response, ContractError> {
    config(&deps, &info)?;
    check_asset(deps.api, &asset)?;
    ASSETS.set(deps.storage, &asset, active)?;
    Ok(Response::new().add_attribute("action", "set_asset").add_attribute("asset", asset.key()))
}

pub fn set_nodes(
    deps: DepsMut<'_>,
    info: MessageInfo,
    nodes: Option<String>,
) -> Result<Response, ContractError> {
    let mut config = config(&deps, &info)?;
    config.nodes = nodes.map(|nodes| deps.api.addr_validate(&nodes)).transpose()?;
    CONFIG.save(deps.storage, &config)?;
    Ok(Response::new().add_attribute("action", "set_nodes"))
}

pub fn update_admin(deps: DepsMut<'_>, info: MessageInfo, admin: String) -> Result<Response, ContractError> {
    let mut config = config(&deps, &info)?;
    config.admin = deps.api.addr_validate(&admin)?;
    CONFIG.save(deps.storage, &config)?;
    Ok(Response::new().add_attribute("action", "update_admin").add_attribute("admin", admin))
}
