//! Answers. Lists come in pages of at most 100.

use cosmwasm_std::{Binary, Deps, Order, StdResult, Uint128, to_json_binary};
use cw_storage_plus::Bound;
use iz_contract_kit::register::Entry;
use iz_contract_types::asset::Asset;
use iz_contract_types::revenue_router::{
    AppResponse, AssetResponse, AssetStatus, ConfigResponse, JobResponse, MemberResponse, PacketResponse,
    PoolPayout, PoolResponse, QueryMsg, RouteResponse,
};

use crate::apps;
use crate::error::ContractError;
use crate::ledger::account;
use crate::pools;
use crate::state::{
    ADMIN, APPS, ASSETS, App, JOBS, LEDGER, MEMBERS, PACKETS, PAYDAYS, POLICY, ROUTES, SINKS, TERMS,
};

const USUAL: u32 = 30;
const MOST: u32 = 100;

fn page(limit: Option<u32>) -> usize {
    limit.unwrap_or(USUAL).min(MOST) as usize
}

pub fn query(deps: Deps<'_>, msg: QueryMsg) -> Result<Binary, ContractError> {
    Ok(match msg {
        QueryMsg::Config {} => to_json_binary(&ConfigResponse {
            admin: ADMIN.load(deps.storage)?,
            policy: POLICY.load(deps.storage)?,
            sinks: SINKS.load(deps.storage)?,
        }),
        QueryMsg::App { app } => {
            let record = apps::load(deps.storage, &app)?;
            to_json_binary(&describe(deps, app, record)?)
        }
        QueryMsg::Apps { start_after, limit } => to_json_binary(&all_apps(deps, start_after, limit)?),
        QueryMsg::Job { app, job } => to_json_binary(&job_terms(deps, app, job)?),
        QueryMsg::Assets {} => to_json_binary(&all_assets(deps)?),
        QueryMsg::Pool { pool } => to_json_binary(&describe_pool(deps, pool)?),
        QueryMsg::Member { pool, member } => to_json_binary(&member_shares(deps, pool, member)?),
        QueryMsg::AppBalance { app, asset } => to_json_binary(&owed(deps, &account::app(&app), &asset)?),
        QueryMsg::Claimable { pool, member, asset } => to_json_binary(&claimable(deps, pool, member, asset)?),
        QueryMsg::SinkBalance { sink, asset } => to_json_binary(&owed(deps, account::sink(sink), &asset)?),
        QueryMsg::ArtefactBalance { artefact, asset } => {
            to_json_binary(&owed(deps, &account::artefact(&artefact), &asset)?)
        }
        QueryMsg::Routes { start_after, limit } => to_json_binary(&all_routes(deps, start_after, limit)?),
        QueryMsg::Packets { start_after, limit } => to_json_binary(&all_packets(deps, start_after, limit)?),
    }?)
}

fn describe(deps: Deps<'_>, app: String, record: App) -> StdResult<AppResponse> {
    let terms = TERMS.load(deps.storage, (&app, record.version))?;
    Ok(AppResponse { app, owner: record.owner, operators: record.operators, terms, version: record.version })
}

fn all_apps(deps: Deps<'_>, start_after: Option<String>, limit: Option<u32>) -> StdResult<Vec<AppResponse>> {
    let start = start_after.as_deref().map(Bound::exclusive);
    APPS.range(deps.storage, start, None, Order::Ascending)
        .take(page(limit))
        .map(|entry| entry.and_then(|(app, record)| describe(deps, app, record)))
        .collect()
}

fn job_terms(deps: Deps<'_>, app: String, job: String) -> Result<JobResponse, ContractError> {
    let known = JOBS
        .may_load(deps.storage, (&app, &job))?
        .ok_or_else(|| ContractError::UnknownJob { app: app.clone(), job })?;
    let mut terms = TERMS.load(deps.storage, (&app, known.version))?;
    terms.artefact = known.artefact.or(terms.artefact);
    Ok(JobResponse { version: known.version, terms })
}

fn all_assets(deps: Deps<'_>) -> StdResult<Vec<AssetResponse>> {
    let entry = |entry: Entry| {
        let status = if entry.active { AssetStatus::Active } else { AssetStatus::Draining };
        AssetResponse { asset: entry.asset, status, held: entry.held }
    };
    Ok(ASSETS.all(deps.storage)?.into_iter().map(entry).collect())
}

fn describe_pool(deps: Deps<'_>, name: String) -> Result<PoolResponse, ContractError> {
    let pool = pools::load(deps.storage, &name)?;
    let mut next_payout = vec![];
    if let PoolPayout::Periodic { seconds, .. } = pool.payout {
        for entry in &pool.assets {
            let payday = PAYDAYS.may_load(deps.storage, (&name, &entry.asset.key()))?;
            let next = payday.map_or(pool.created.plus_seconds(seconds), |payday| payday.next);
            next_payout.push((entry.asset.clone(), next));
        }
    }
    Ok(PoolResponse {
        pool: name,
        controller: pool.controller,
        payout: pool.payout,
        total_weight: pool.total_weight,
        next_payout,
    })
}

fn member_shares(deps: Deps<'_>, name: String, member: String) -> Result<MemberResponse, ContractError> {
    let pool = pools::load(deps.storage, &name)?;
    let address = deps.api.addr_validate(&member)?;
    let mut member = MEMBERS.may_load(deps.storage, (&name, &address))?.unwrap_or_default();
    let mut owed = vec![];
    for entry in &pool.assets {
        if let Some(share) = pools::share(&pool, &mut member, &entry.asset)? {
            owed.push((entry.asset.clone(), share.owed));
        }
    }
    Ok(MemberResponse { weight: member.weight, owed })
}

fn claimable(deps: Deps<'_>, name: String, member: String, asset: Asset) -> Result<Uint128, ContractError> {
    let pool = pools::load(deps.storage, &name)?;
    let address = deps.api.addr_validate(&member)?;
    let mut member = MEMBERS.may_load(deps.storage, (&name, &address))?.unwrap_or_default();
    match pools::share(&pool, &mut member, &asset)? {
        Some(share) => Ok(share.whole()?),
        None => Ok(Uint128::zero()),
    }
}

fn owed(deps: Deps<'_>, account: &str, asset: &Asset) -> StdResult<Uint128> {
    Ok(LEDGER.may_load(deps.storage, (account, &asset.key()))?.unwrap_or_default())
}

fn all_routes(
    deps: Deps<'_>,
    start_after: Option<String>,
    limit: Option<u32>,
) -> StdResult<Vec<RouteResponse>> {
    let start = start_after.as_deref().map(Bound::exclusive);
    ROUTES
        .range(deps.storage, start, None, Order::Ascending)
        .take(page(limit))
        .map(|entry| entry.map(|(name, route)| RouteResponse { name, route }))
        .collect()
}

fn all_packets(
    deps: Deps<'_>,
    start_after: Option<(String, u64)>,
    limit: Option<u32>,
) -> StdResult<Vec<PacketResponse>> {
    let start =
        start_after.as_ref().map(|(channel, sequence)| Bound::exclusive((channel.as_str(), *sequence)));
    PACKETS
        .range(deps.storage, start, None, Order::Ascending)
        .take(page(limit))
        .map(|entry| {
            entry.map(|((channel, sequence), packet)| PacketResponse {
                channel,
                sequence,
                source: packet.source,
                claimant: packet.claimant,
                asset: packet.asset,
                amount: packet.amount,
            })
        })
        .collect()
}
