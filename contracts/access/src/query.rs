//! Answers. Lists come in pages of at most 100.

use cosmwasm_std::{Binary, Deps, Env, HexBinary, Order, StdResult, Timestamp, to_json_binary};
use cw_storage_plus::Bound;
use iz_contract_kit::register::Entry;
use iz_contract_types::access::{
    AccessResponse, AssetResponse, ConfigResponse, PlanResponse, QueryMsg, SubscriptionResponse, Tier,
    UsageResponse,
};

use crate::error::ContractError;
use crate::execute::consume::check_usable;
use crate::plans;
use crate::state::{
    ASSETS, BALANCES, CONFIG, EARNED, FREE_POOLS, KEYS, Key, PLANS, PlanState, SUBSCRIPTIONS, USAGE, USED,
    Used,
};

const USUAL: u32 = 30;
const MOST: u32 = 100;

pub fn query(deps: Deps<'_>, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    Ok(match msg {
        QueryMsg::Config {} => {
            let config = CONFIG.load(deps.storage)?;
            to_json_binary(&ConfigResponse {
                admin: config.admin,
                router: config.router,
                free_bond: config.free_bond,
            })
        }
        QueryMsg::Plan { plan } => {
            let known = plans::load(deps.storage, &plan)?;
            to_json_binary(&describe(plan, known))
        }
        QueryMsg::Plans { start_after, limit } => to_json_binary(&all_plans(deps, start_after, limit)?),
        QueryMsg::Subscription { subscriber, plan } => to_json_binary(&subscription(deps, subscriber, plan)?),
        QueryMsg::Access { hash } => to_json_binary(&access(deps, env, hash)?),
        QueryMsg::Balance { owner, asset } => {
            let owner = deps.api.addr_validate(&owner)?;
            to_json_binary(&BALANCES.may_load(deps.storage, (&owner, &asset.key()))?.unwrap_or_default())
        }
        QueryMsg::FreePool { app, asset } => {
            to_json_binary(&FREE_POOLS.may_load(deps.storage, (&app, &asset.key()))?.unwrap_or_default())
        }
        QueryMsg::Earned { app, asset } => {
            to_json_binary(&EARNED.may_load(deps.storage, (&app, &asset.key()))?.unwrap_or_default())
        }
        QueryMsg::Usage { app, day } => {
            let usage = USAGE.may_load(deps.storage, (&app, day))?.unwrap_or_default();
            to_json_binary(&UsageResponse { units: usage.units, reports: usage.reports })
        }
        QueryMsg::Assets {} => to_json_binary(&all_assets(deps)?),
    }?)
}

fn describe(plan: String, known: PlanState) -> PlanResponse {
    PlanResponse { plan, version: known.version, active: known.active, terms: known.terms }
}

fn all_plans(
    deps: Deps<'_>,
    start_after: Option<String>,
    limit: Option<u32>,
) -> StdResult<Vec<PlanResponse>> {
    PLANS
        .range(deps.storage, start_after.as_deref().map(Bound::exclusive), None, Order::Ascending)
        .take(limit.unwrap_or(USUAL).min(MOST) as usize)
        .map(|entry| entry.map(|(plan, known)| describe(plan, known)))
        .collect()
}

fn subscription(
    deps: Deps<'_>,
    subscriber: String,
    plan: String,
) -> Result<Option<SubscriptionResponse>, ContractError> {
    let subscriber = deps.api.addr_validate(&subscriber)?;
    let Some(known) = SUBSCRIPTIONS.may_load(deps.storage, (&subscriber, &plan))? else {
        return Ok(None);
    };
    let prepaid = known.price_of(known.unearned())?;
    Ok(Some(SubscriptionResponse {
        terms: known.terms,
        started: Timestamp::from_seconds(known.started),
        paid_until: Timestamp::from_seconds(known.paid_until),
        prepaid,
    }))
}

fn access(deps: Deps<'_>, env: Env, hash: HexBinary) -> Result<AccessResponse, ContractError> {
    let key = KEYS.may_load(deps.storage, &hash)?.ok_or(ContractError::UnknownKey {})?;
    let usable =
        check_usable(&key, env.block.time).and_then(|()| remaining(deps, &key, env.block.time.seconds()));
    let (reason, remaining) = match usable {
        Ok(0) => (Some("nothing remains of this period".to_string()), 0),
        Ok(remaining) => (None, remaining),
        Err(refusal) => (Some(refusal.to_string()), 0),
    };
    Ok(AccessResponse {
        allowed: reason.is_none(),
        reason,
        owner: key.owner,
        app: key.terms.app,
        tier: key.terms.tier,
        remaining,
        sequence: key.sequence,
    })
}

fn left(used: Option<&Used>, period: u64, most: u64) -> u64 {
    most.saturating_sub(used.filter(|used| used.period == period).map_or(0, |used| used.units))
}

/// Units that a report could hold now.
fn remaining(deps: Deps<'_>, key: &Key, now: u64) -> Result<u64, ContractError> {
    let terms = &key.terms;
    match terms.tier {
        Tier::Premium | Tier::Enterprise => {
            let owner = (&key.owner, key.plan.as_str());
            let known = SUBSCRIPTIONS.may_load(deps.storage, owner)?;
            let until = known.as_ref().map_or(0, |known| known.paid_until);
            let Some(running) = known.filter(|known| now < known.paid_until) else {
                return Err(ContractError::NotSubscribed { at: Timestamp::from_seconds(until) });
            };
            let begin = running.started + running.period(now) * running.terms.period_seconds;
            let all = left(USED.may_load(deps.storage, owner)?.as_ref(), begin, running.terms.quota);
            Ok(all.min(left(Some(&key.used), begin, key.limit)))
        }
        Tier::Commons | Tier::Free => {
            let money = if terms.tier == Tier::Free {
                FREE_POOLS.may_load(deps.storage, (&terms.app, &terms.asset.key()))?
            } else {
                BALANCES.may_load(deps.storage, (&key.owner, &terms.asset.key()))?
            };
            let paid = money.unwrap_or_default().u128() / terms.price.u128().max(1);
            let period = now / terms.period_seconds;
            Ok(left(Some(&key.used), period, key.limit).min(u64::try_from(paid).unwrap_or(u64::MAX)))
        }
    }
}

fn all_assets(deps: Deps<'_>) -> StdResult<Vec<AssetResponse>> {
    let entry = |entry: Entry| AssetResponse { asset: entry.asset, active: entry.active, held: entry.held };
    Ok(ASSETS.all(deps.storage)?.into_iter().map(entry).collect())
}
