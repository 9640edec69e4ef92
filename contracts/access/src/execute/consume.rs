//! Consume: the meter of an app reports use of a key. It counts against the key's limit, the plan's quota and, for metered tiers, money that
//! was put here before. Reports of a key are numbered, so that none counts twice; of what was used only a digest passes by.

use cosmwasm_std::{DepsMut, Env, HexBinary, MessageInfo, Response, Storage, Timestamp, Uint128};
use iz_contract_types::access::Tier;

use crate::error::ContractError;
use crate::ledger;
use crate::state::{FREE_POOLS, KEYS, Key, METERS, SUBSCRIPTIONS, USAGE, USED, Used};

const DIGEST: usize = 32;
const DAY: u64 = 86_400;

pub struct Report {
    pub hash: HexBinary,
    pub sequence: u64,
    pub units: u64,
    pub receipt: HexBinary,
}

pub fn consume(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    report: Report,
) -> Result<Response, ContractError> {
    let mut key = KEYS.may_load(deps.storage, &report.hash)?.ok_or(ContractError::UnknownKey {})?;
    let app = key.terms.app.clone();
    if METERS.may_load(deps.storage, &app)?.as_ref() != Some(&info.sender) {
        return Err(ContractError::Unauthorized { sender: info.sender, who: "the app's meter" });
    }
    if report.receipt.len() != DIGEST {
        return Err(ContractError::BadReceipt { length: report.receipt.len() });
    }
    if report.units == 0 {
        return Err(ContractError::ZeroUnits {});
    }
    if key.sequence.checked_add(1) != Some(report.sequence) {
        return Err(ContractError::WrongSequence { sequence: report.sequence, last: key.sequence });
    }
    check_usable(&key, env.block.time)?;
    key.sequence = report.sequence;

    let now = env.block.time.seconds();
    let cost = match key.terms.tier {
        Tier::Premium | Tier::Enterprise => {
            by_subscription(deps.storage, &mut key, report.units, now)?;
            Uint128::zero()
        }
        Tier::Commons | Tier::Free => metered(deps.storage, &mut key, report.units, now)?,
    };
    KEYS.save(deps.storage, &report.hash, &key)?;

    let day = now / DAY;
    let mut usage = USAGE.may_load(deps.storage, (&app, day))?.unwrap_or_default();
    usage.units = usage.units.saturating_add(report.units);
    usage.reports = usage.reports.saturating_add(1);
    USAGE.save(deps.storage, (&app, day), &usage)?;
    Ok(Response::new()
        .add_attribute("action", "consume")
        .add_attribute("app", app)
        .add_attribute("units", report.units.to_string())
        .add_attribute("cost", cost)
        .add_attribute("receipt", report.receipt.to_hex()))
}

pub fn check_usable(key: &Key, now: Timestamp) -> Result<(), ContractError> {
    if key.revoked.is_some() {
        return Err(ContractError::KeyRevoked {});
    }
    match key.expires.filter(|at| *at <= now) {
        Some(at) => Err(ContractError::KeyExpired { at }),
        None => Ok(()),
    }
}

/// Adds units to a count of a period, which begins anew with each.
fn count(used: &mut Used, period: u64, units: u64, most: u64) -> Result<(), ContractError> {
    if used.period != period {
        *used = Used { period, units: 0 };
    }
    let remaining = most.saturating_sub(used.units);
    if units > remaining {
        return Err(ContractError::QuotaExceeded { units, remaining });
    }
    used.units += units;
    Ok(())
}

fn by_subscription(
    storage: &mut dyn Storage,
    key: &mut Key,
    units: u64,
    now: u64,
) -> Result<(), ContractError> {
    let owner = (&key.owner, key.plan.as_str());
    let never = ContractError::NotSubscribed { at: Timestamp::from_seconds(0) };
    let subscription = SUBSCRIPTIONS.may_load(storage, owner)?.ok_or(never)?;
    if now >= subscription.paid_until {
        let at = Timestamp::from_seconds(subscription.paid_until);
        return Err(ContractError::NotSubscribed { at });
    }
    // counted by when it began: a subscription that began anew has a count anew
    let begin = subscription.started + subscription.period(now) * subscription.terms.period_seconds;
    let mut used = USED.may_load(storage, owner)?.unwrap_or_default();
    count(&mut used, begin, units, subscription.terms.quota)?;
    USED.save(storage, owner, &used)?;
    count(&mut key.used, begin, units, key.limit)
}

fn metered(storage: &mut dyn Storage, key: &mut Key, units: u64, now: u64) -> Result<Uint128, ContractError> {
    count(&mut key.used, now / key.terms.period_seconds, units, key.limit)?;
    let terms = &key.terms;
    let cost = terms.price.checked_mul(Uint128::from(units))?;
    if terms.tier == Tier::Free {
        let pool_of = (terms.app.as_str(), terms.asset.key());
        let pool = FREE_POOLS.may_load(storage, (pool_of.0, &pool_of.1))?.unwrap_or_default();
        let rest = pool.checked_sub(cost).map_err(|_| ContractError::FreePoolEmpty {
            app: terms.app.clone(),
            pool,
            wanted: cost,
        })?;
        FREE_POOLS.save(storage, (pool_of.0, &pool_of.1), &rest)?;
    } else {
        ledger::debit(storage, &key.owner, &terms.asset, cost)?;
    }
    ledger::earn(storage, &terms.app, &terms.asset, cost)?;
    Ok(cost)
}
