//! What the admin sets: tasks, the contracts around, the beacon. Rounds that run keep what they were opened with, except for the
//! beacon, whose next value they wait for.

use cosmwasm_std::{Addr, Api, DepsMut, MessageInfo, Response};
use iz_contract_types::rounds::{Beacon, Contracts, Task};

use crate::beacon;
use crate::error::ContractError;
use crate::state::{CONFIG, Config, TASK_COUNT, TASKS, TERMS, TaskState};

/// A round is over while who stood for it can still be slashed: bonds leave after 14 days.
const LONGEST: u64 = 13 * 86_400;

fn check(task: &Task) -> Result<(), ContractError> {
    task.parameters.validate()?;
    if task.parameters.durations.total() > LONGEST {
        return Err(ContractError::Task { reason: "a round lasts at most 13 days" });
    }
    if task.name.is_empty() || task.name.len() > 128 {
        return Err(ContractError::Task { reason: "the name has 1 to 128 bytes" });
    }
    if task.candidate_bond.is_zero() {
        return Err(ContractError::Task { reason: "members of a committee have a bond to lose" });
    }
    if task.challenge_bond.amount.is_zero() {
        return Err(ContractError::Task { reason: "a challenge has a bond to lose" });
    }
    Ok(())
}

pub fn create_task(deps: DepsMut<'_>, info: &MessageInfo, task: &Task) -> Result<Response, ContractError> {
    CONFIG.load(deps.storage)?.only_admin(&info.sender)?;
    check(task)?;
    let id = TASK_COUNT.may_load(deps.storage)?.unwrap_or_default().saturating_add(1);
    TASK_COUNT.save(deps.storage, &id)?;
    TASKS.save(deps.storage, id, &TaskState { version: 1, round: None })?;
    TERMS.save(deps.storage, (id, 1), task)?;
    Ok(Response::new().add_attribute("action", "create_task").add_attribute("task", id.to_string()))
}

pub fn update_task(
    deps: DepsMut<'_>,
    info: &MessageInfo,
    id: u64,
    task: &Task,
) -> Result<Response, ContractError> {
    CONFIG.load(deps.storage)?.only_admin(&info.sender)?;
    check(task)?;
    let mut state = TASKS.may_load(deps.storage, id)?.ok_or(ContractError::UnknownTask { task: id })?;
    state.version = state.version.saturating_add(1);
    TASKS.save(deps.storage, id, &state)?;
    TERMS.save(deps.storage, (id, state.version), task)?;
    Ok(Response::new()
        .add_attribute("action", "update_task")
        .add_attribute("task", id.to_string())
        .add_attribute("version", state.version.to_string()))
}

/// The configuration that names make.
pub fn config(
    api: &dyn Api,
    admin: &str,
    contracts: &Contracts,
    beacon: Beacon,
    treasury: &str,
) -> Result<Config, ContractError> {
    beacon::validate(&beacon)?;
    let optional = |name: &Option<String>| -> Result<Option<Addr>, ContractError> {
        Ok(name.as_ref().map(|name| api.addr_validate(name)).transpose()?)
    };
    Ok(Config {
        admin: api.addr_validate(admin)?,
        nodes: api.addr_validate(&contracts.nodes)?,
        merit: api.addr_validate(&contracts.merit)?,
        router: optional(&contracts.router)?,
        ainft: optional(&contracts.ainft)?,
        beacon,
        treasury: api.addr_validate(treasury)?,
    })
}

pub fn set_contracts(
    deps: DepsMut<'_>,
    info: &MessageInfo,
    contracts: &Contracts,
) -> Result<Response, ContractError> {
    let before = CONFIG.load(deps.storage)?;
    before.only_admin(&info.sender)?;
    let changed =
        config(deps.api, before.admin.as_str(), contracts, before.beacon, before.treasury.as_str())?;
    CONFIG.save(deps.storage, &changed)?;
    Ok(Response::new().add_attribute("action", "set_contracts"))
}

pub fn set_beacon(deps: DepsMut<'_>, info: &MessageInfo, beacon: Beacon) -> Result<Response, ContractError> {
    let mut config = CONFIG.load(deps.storage)?;
    config.only_admin(&info.sender)?;
    beacon::validate(&beacon)?;
    config.beacon = beacon;
    CONFIG.save(deps.storage, &config)?;
    Ok(Response::new().add_attribute("action", "set_beacon"))
}

pub fn update_admin(deps: DepsMut<'_>, info: &MessageInfo, admin: &str) -> Result<Response, ContractError> {
    let mut config = CONFIG.load(deps.storage)?;
    config.only_admin(&info.sender)?;
    config.admin = deps.api.addr_validate(admin)?;
    CONFIG.save(deps.storage, &config)?;
    Ok(Response::new().add_attribute("action", "update_admin").add_attribute("admin", admin))
}
