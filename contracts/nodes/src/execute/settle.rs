//! How a job ends: accepted and paid, or refunded. Only an accepted job counts as work, with what it pays into the pool as its units.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Uint128};
use iz_contract_types::nodes::{JobStatus, Role};

use crate::error::ContractError;
use crate::rewards;
use crate::state::{CONFIG, DISPUTE, JOBS, Job, TERMS, WHOLE, add_to_pool, book, job, only};

pub fn accept(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, id: u64) -> Result<Response, ContractError> {
    let done = job(deps.storage, id)?;
    if done.payer != info.sender {
        return Err(ContractError::NotParty { who: "payer" });
    }
    if !matches!(done.status, JobStatus::Delivered | JobStatus::Disputed) {
        return Err(ContractError::WrongStatus { status: done.status });
    }
    accepted(deps, env, id, done)
}

pub fn dispute(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, id: u64) -> Result<Response, ContractError> {
    let mut done = job(deps.storage, id)?;
    if done.payer != info.sender {
        return Err(ContractError::NotParty { who: "payer" });
    }
    if done.status != JobStatus::Delivered {
        return Err(ContractError::WrongStatus { status: done.status });
    }
    let now = env.block.time.seconds();
    if now >= done.closes {
        return Err(ContractError::TooLate { now, deadline: done.closes });
    }
    done.status = JobStatus::Disputed;
    done.closes = now.saturating_add(DISPUTE);
    JOBS.save(deps.storage, id, &done)?;
    Ok(Response::new().add_attribute("action", "dispute").add_attribute("job", id.to_string()))
}

pub fn resolve(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    id: u64,
    delivered: bool,
) -> Result<Response, ContractError> {
    only(deps.storage, Role::Assessor, &info.sender)?;
    let done = job(deps.storage, id)?;
    if info.sender == done.payer || info.sender == done.operator {
        return Err(ContractError::OwnCase);
    }
    if done.status != JobStatus::Disputed {
        return Err(ContractError::WrongStatus { status: done.status });
    }
    if delivered { accepted(deps, env, id, done) } else { refunded(deps, env, id, done, true) }
}

pub fn settle(deps: DepsMut<'_>, env: &Env, id: u64) -> Result<Response, ContractError> {
    let ended = job(deps.storage, id)?;
    let now = env.block.time.seconds();
    let wait = |at| Err(ContractError::TooEarly { now, at });
    match ended.status {
        JobStatus::Assigned if now < ended.deadline => wait(ended.deadline),
        JobStatus::Assigned => refunded(deps, env, id, ended, true),
        JobStatus::Delivered | JobStatus::Disputed if now < ended.closes => wait(ended.closes),
        JobStatus::Delivered => accepted(deps, env, id, ended),
        // nobody decided: the payer keeps its money, and nothing is proven against the node
        JobStatus::Disputed => refunded(deps, env, id, ended, false),
        status => Err(ContractError::WrongStatus { status }),
    }
}

fn accepted(deps: DepsMut<'_>, env: &Env, id: u64, mut done: Job) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let terms = TERMS.load(deps.storage)?;
    let part = |share: u16| done.price.checked_multiply_ratio(share, WHOLE);
    let (pool, insurance) = (part(done.pool_share)?, part(done.insurance_share)?);
    let wage = done.price.checked_sub(pool)?.checked_sub(insurance)?;
    done.status = JobStatus::Accepted;
    JOBS.save(deps.storage, id, &done)?;
    book(deps.storage, |ledger| {
        ledger.jobs = ledger.jobs.checked_sub(done.price)?;
        ledger.rewards = ledger.rewards.checked_add(pool)?;
        ledger.insurance = ledger.insurance.checked_add(insurance)?;
        Ok(())
    })?;
    let epoch = config.epoch(env);
    add_to_pool(deps.storage, epoch, pool)?;
    rewards::add_work(deps.storage, &config, &terms, &done.operator, epoch, pool)?;
    let mut response = Response::new()
        .add_attribute("action", "accepted")
        .add_attribute("job", id.to_string())
        .add_attribute("wage", wage)
        .add_attribute("units", pool);
    if wage > Uint128::zero() {
        response = response.add_message(config.asset.transfer(done.operator.as_str(), wage)?);
    }
    Ok(response)
}

fn refunded(
    deps: DepsMut<'_>,
    env: &Env,
    id: u64,
    mut ended: Job,
    failed: bool,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    ended.status = JobStatus::Refunded;
    ended.failed = failed;
    // from here on a claim can be filed
    let window = TERMS.load(deps.storage)?.acceptance_seconds;
    ended.closes = env.block.time.seconds().saturating_add(window.into());
    JOBS.save(deps.storage, id, &ended)?;
    book(deps.storage, |ledger| {
        ledger.jobs = ledger.jobs.checked_sub(ended.price)?;
        Ok(())
    })?;
    Ok(Response::new()
        .add_message(config.asset.transfer(ended.payer.as_str(), ended.price)?)
        .add_attribute("action", "refunded")
        .add_attribute("job", id.to_string())
        .add_attribute("failed", failed.to_string()))
}
