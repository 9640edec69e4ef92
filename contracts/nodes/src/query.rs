//! Questions.

use cosmwasm_std::{Deps, Env, Order, StdError, StdResult, Uint128};
use cw_storage_plus::Bound;
use iz_contract_types::nodes::{
    CellResponse, ClaimResponse, Class, ConfigResponse, CoverResponse, EpochResponse, JobResponse,
    LedgerResponse, NodeResponse, Role, WeightResponse,
};

use crate::error::ContractError;
use crate::power::four_fifths;
use crate::rewards;
use crate::state::{
    CELLS, CLAIMS, CLASSES, CONFIG, Config, LAST_COVER, LEDGER, MAXIMUM_CLASSES, NODES, Node, TERMS, WORK,
    epoch, has_role, job, node,
};

pub fn config(deps: Deps<'_>, env: &Env) -> StdResult<ConfigResponse> {
    let config = CONFIG.load(deps.storage)?;
    Ok(ConfigResponse {
        epoch: config.epoch(env),
        admin: config.admin,
        asset: config.asset,
        merit: config.merit,
        treasury: config.treasury,
        epoch_seconds: config.epoch_seconds,
        terms: TERMS.load(deps.storage)?,
    })
}

fn shown(operator: cosmwasm_std::Addr, node: Node, config: &Config, epoch: u64) -> NodeResponse {
    NodeResponse {
        cell: node.cell_in(epoch).to_string(),
        uptime: node.uptime_in(epoch, config),
        efficiency: node.efficiency_in(epoch),
        operator,
        status: node.status,
        bond: node.bond,
        unbonding: node.unbonding,
        keys: node.keys,
        registered: node.registered,
        class: node.class.map(|(class, _)| class),
        escrow: node.escrow,
        merit: node.merit,
    }
}

pub fn one(deps: Deps<'_>, env: &Env, operator: &str) -> Result<NodeResponse, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let operator = deps.api.addr_validate(operator)?;
    let found = node(deps.storage, &operator)?;
    let epoch = config.epoch(env);
    Ok(shown(operator, found, &config, epoch))
}

pub fn many(
    deps: Deps<'_>,
    env: &Env,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<Vec<NodeResponse>, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let epoch = config.epoch(env);
    let start = start_after.map(|operator| deps.api.addr_validate(&operator)).transpose()?;
    NODES
        .range(deps.storage, start.as_ref().map(Bound::exclusive), None, Order::Ascending)
        .take(limit.unwrap_or(30).min(100) as usize)
        .map(|entry| {
            let (operator, found) = entry?;
            Ok(shown(operator, found, &config, epoch))
        })
        .collect()
}

pub fn classes(deps: Deps<'_>) -> StdResult<Vec<Class>> {
    CLASSES
        .range(deps.storage, None, None, Order::Ascending)
        .take(MAXIMUM_CLASSES as usize)
        .map(|entry| Ok(entry?.1))
        .collect()
}

pub fn role(deps: Deps<'_>, role: Role, member: &str) -> StdResult<bool> {
    has_role(deps.storage, role, &deps.api.addr_validate(member)?)
}

pub fn weight(
    deps: Deps<'_>,
    env: &Env,
    operator: &str,
    number: Option<u64>,
) -> Result<WeightResponse, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let number = number.unwrap_or(config.epoch(env));
    let operator = deps.api.addr_validate(operator)?;
    let own = node(deps.storage, &operator)?;
    Ok(match WORK.may_load(deps.storage, (&operator, number))? {
        None => WeightResponse {
            units: Uint128::zero(),
            weight: Uint128::zero(),
            cell: own.cell_in(number).to_string(),
            reward: Uint128::zero(),
            claimed: false,
        },
        Some(work) => WeightResponse {
            reward: rewards::reward(deps.storage, number, &work)?,
            units: work.units,
            weight: work.weight,
            cell: work.cell,
            claimed: work.claimed,
        },
    })
}

pub fn cell(
    deps: Deps<'_>,
    env: &Env,
    cell: &str,
    number: Option<u64>,
) -> Result<CellResponse, ContractError> {
    let number = number.unwrap_or(CONFIG.load(deps.storage)?.epoch(env));
    let weight = CELLS.may_load(deps.storage, (number, cell))?.unwrap_or_default();
    Ok(CellResponse { weight, power: four_fifths(weight)? })
}

pub fn of_epoch(deps: Deps<'_>, env: &Env, number: Option<u64>) -> StdResult<EpochResponse> {
    let number = number.unwrap_or(CONFIG.load(deps.storage)?.epoch(env));
    let entry = epoch(deps.storage, number)?;
    Ok(EpochResponse { epoch: number, pool: entry.pool, paid: entry.paid, power: entry.power })
}

pub fn of_job(deps: Deps<'_>, id: u64) -> Result<JobResponse, ContractError> {
    let job = job(deps.storage, id)?;
    Ok(JobResponse {
        id,
        payer: job.payer,
        operator: job.operator,
        class: job.class,
        price: job.price,
        deadline: job.deadline,
        specification: job.specification,
        status: job.status,
        result: job.result,
        usage: job.usage,
    })
}

pub fn cover(deps: Deps<'_>) -> StdResult<CoverResponse> {
    let LedgerResponse { insurance, reserved, bonus, .. } = LEDGER.load(deps.storage)?;
    Ok(CoverResponse { insurance, reserved, bonus, last_epoch: LAST_COVER.may_load(deps.storage)? })
}

pub fn claim(deps: Deps<'_>, job: u64) -> StdResult<ClaimResponse> {
    let claim = CLAIMS
        .may_load(deps.storage, job)?
        .ok_or_else(|| StdError::not_found(format!("a claim for job {job}")))?;
    Ok(ClaimResponse {
        job,
        claimant: claim.claimant,
        loss: claim.loss,
        epoch: claim.epoch,
        approved: claim.approved,
        paid: claim.paid,
    })
}
