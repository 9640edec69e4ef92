//! OpenJob: fixes the terms of today for a job. By the owner or an operator, so that nobody else can fix old terms for jobs to come.

use cosmwasm_std::{DepsMut, MessageInfo, Response};

use crate::apps;
use crate::error::ContractError;
use crate::names;
use crate::state::{JOBS, Job, TERMS};

pub fn open_job(
    deps: DepsMut<'_>,
    info: MessageInfo,
    app: String,
    job: String,
    artefact: Option<String>,
) -> Result<Response, ContractError> {
    let record = apps::load(deps.storage, &app)?;
    if record.owner != info.sender && !record.operators.contains(&info.sender) {
        return Err(ContractError::Unauthorized {
            sender: info.sender,
            who: format!("the owner or an operator of {app}"),
        });
    }
    names::check("job", &job)?;
    if JOBS.has(deps.storage, (&app, &job)) {
        return Err(ContractError::JobTaken { app, job });
    }
    let terms = TERMS.load(deps.storage, (&app, record.version))?;
    apps::within_policy(deps.storage, &terms.shares)?;
    if let Some(artefact) = &artefact {
        apps::check_artefact(deps.storage, &deps.querier, artefact)?;
    }
    JOBS.save(deps.storage, (&app, &job), &Job { version: record.version, artefact })?;
    Ok(Response::new()
        .add_attribute("action", "open_job")
        .add_attribute("app", app)
        .add_attribute("job", job)
        .add_attribute("version", record.version.to_string()))
}
