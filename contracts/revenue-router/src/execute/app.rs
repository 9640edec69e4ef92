//! RegisterApp, UpdateTerms, TransferApp, SetOperators: what an app says about itself.

use cosmwasm_std::{DepsMut, MessageInfo, Response};
use iz_contract_types::revenue_router::Terms;

use crate::apps;
use crate::error::ContractError;
use crate::names;
use crate::state::{APPS, App, TERMS};

pub const MOST_OPERATORS: usize = 8;

pub fn register(
    deps: DepsMut<'_>,
    info: MessageInfo,
    app: String,
    terms: Terms,
    operators: Vec<String>,
) -> Result<Response, ContractError> {
    names::check("app", &app)?;
    if APPS.has(deps.storage, &app) {
        return Err(ContractError::AppTaken { app });
    }
    apps::check_terms(deps.as_ref(), &terms)?;
    names::check_sorted("operators", operators.iter().map(String::as_str), MOST_OPERATORS)?;
    let operators = names::addresses(deps.api, &operators)?;
    APPS.save(deps.storage, &app, &App { owner: info.sender.clone(), operators, version: 1 })?;
    TERMS.save(deps.storage, (&app, 1), &terms)?;
    Ok(Response::new()
        .add_attribute("action", "register_app")
        .add_attribute("app", app)
        .add_attribute("owner", info.sender))
}

/// The app, where the sender owns it.
fn owned(deps: &DepsMut<'_>, info: &MessageInfo, app: &str) -> Result<App, ContractError> {
    let record = apps::load(deps.storage, app)?;
    if record.owner != info.sender {
        return Err(ContractError::Unauthorized {
            sender: info.sender.clone(),
            who: format!("the owner of {app}"),
        });
    }
    Ok(record)
}

pub fn update_terms(
    deps: DepsMut<'_>,
    info: MessageInfo,
    app: String,
    terms: Terms,
) -> Result<Response, ContractError> {
    let mut record = owned(&deps, &info, &app)?;
    apps::check_terms(deps.as_ref(), &terms)?;
    let versions = u64::from(record.version) + 1;
    record.version = u32::try_from(versions).map_err(|_| ContractError::TooManyTerms { app: app.clone() })?;
    APPS.save(deps.storage, &app, &record)?;
    TERMS.save(deps.storage, (&app, record.version), &terms)?;
    Ok(Response::new()
        .add_attribute("action", "update_terms")
        .add_attribute("app", app)
        .add_attribute("version", record.version.to_string()))
}

pub fn transfer(
    deps: DepsMut<'_>,
    info: MessageInfo,
    app: String,
    owner: String,
) -> Result<Response, ContractError> {
    let mut record = owned(&deps, &info, &app)?;
    record.owner = deps.api.addr_validate(&owner)?;
    APPS.save(deps.storage, &app, &record)?;
    Ok(Response::new()
        .add_attribute("action", "transfer_app")
        .add_attribute("app", app)
        .add_attribute("owner", owner))
}

pub fn set_operators(
    deps: DepsMut<'_>,
    info: MessageInfo,
    app: String,
    operators: Vec<String>,
) -> Result<Response, ContractError> {
    let mut record = owned(&deps, &info, &app)?;
    names::check_sorted("operators", operators.iter().map(String::as_str), MOST_OPERATORS)?;
    record.operators = names::addresses(deps.api, &operators)?;
    APPS.save(deps.storage, &app, &record)?;
    Ok(Response::new().add_attribute("action", "set_operators").add_attribute("app", app))
}
