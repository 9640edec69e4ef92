//! The next round of a task, by anyone, as long as none runs and rounds are not paused.

use cosmwasm_std::{DepsMut, Env, Response};
use iz_contract_types::constitution::{self, PausedResponse, Scope};
use iz_rounds_machine::{Roll, Round};

use crate::error::ContractError;
use crate::state::{CONFIG, HEADS, Head, ROLLS, ROUND_COUNT, ROUNDS, STANDING, Standing, TASKS, TERMS};

pub fn open(deps: DepsMut<'_>, env: &Env, task: u64) -> Result<Response, ContractError> {
    let mut state = TASKS.may_load(deps.storage, task)?.ok_or(ContractError::UnknownTask { task })?;
    if let Some(round) = state.round
        && !ROUNDS.load(deps.storage, round)?.phase.is_over()
    {
        return Err(ContractError::Running { round });
    }
    let terms = TERMS.load(deps.storage, (task, state.version))?;
    if !terms.active {
        return Err(ContractError::Inactive { task });
    }
    // an admin that is no constitution, as on a test network, answers nothing and pauses nothing
    let question = constitution::QueryMsg::Paused { scope: Scope::Rounds };
    let admin = CONFIG.load(deps.storage)?.admin;
    let paused: Result<PausedResponse, _> = deps.querier.query_wasm_smart(admin, &question);
    if paused.is_ok_and(|answer| answer.paused) {
        return Err(ContractError::Paused);
    }
    let id = ROUND_COUNT.may_load(deps.storage)?.unwrap_or_default().saturating_add(1);
    let round = Round::open(&terms.parameters, env.block.time.seconds())?;
    ROUND_COUNT.save(deps.storage, &id)?;
    HEADS.save(deps.storage, id, &Head { task, version: state.version })?;
    ROUNDS.save(deps.storage, id, &round)?;
    ROLLS.save(deps.storage, id, &Roll::default())?;
    STANDING.save(deps.storage, id, &Standing::default())?;
    state.round = Some(id);
    TASKS.save(deps.storage, task, &state)?;
    Ok(Response::new()
        .add_attribute("action", "open")
        .add_attribute("task", task.to_string())
        .add_attribute("round", id.to_string()))
}
