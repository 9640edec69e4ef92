//! Plans, and whose they are.

use cosmwasm_std::{Addr, Deps, Storage};
use iz_contract_types::access::{Plan, Tier};
use iz_contract_types::revenue_router;

use crate::error::ContractError;
use crate::state::{ASSETS, CONFIG, PLANS, PlanState};

pub const SHORTEST_PERIOD: u64 = 3_600;
pub const LONGEST_PERIOD: u64 = 366 * 86_400;
const LONGEST_NAME: usize = 64;

pub fn load(storage: &dyn Storage, plan: &str) -> Result<PlanState, ContractError> {
    PLANS.may_load(storage, plan)?.ok_or_else(|| ContractError::UnknownPlan { plan: plan.to_string() })
}

pub fn by_periods(terms: &Plan) -> bool {
    matches!(terms.tier, Tier::Premium | Tier::Enterprise)
}

/// Who owns an app, as the router says.
pub fn owner(deps: Deps<'_>, app: &str) -> Result<Addr, ContractError> {
    let router = CONFIG.load(deps.storage)?.router;
    let question = revenue_router::QueryMsg::App { app: app.to_string() };
    deps.querier
        .query_wasm_smart::<revenue_router::AppResponse>(router, &question)
        .map(|known| known.owner)
        .map_err(|_| ContractError::UnknownApp { app: app.to_string() })
}

pub fn check_owner(deps: Deps<'_>, sender: &Addr, app: &str) -> Result<(), ContractError> {
    if owner(deps, app)? == *sender {
        return Ok(());
    }
    Err(ContractError::Unauthorized { sender: sender.clone(), who: "the app's owner" })
}

pub fn check(storage: &dyn Storage, name: &str, terms: &Plan) -> Result<(), ContractError> {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._:/-".contains(&byte));
    if !plain || !(1..=LONGEST_NAME).contains(&name.len()) {
        return Err(ContractError::BadName { plan: name.to_string() });
    }
    ASSETS.check_active(storage, &terms.asset)?;
    if !(SHORTEST_PERIOD..=LONGEST_PERIOD).contains(&terms.period_seconds) {
        return Err(ContractError::BadPeriod {
            seconds: terms.period_seconds,
            least: SHORTEST_PERIOD,
            most: LONGEST_PERIOD,
        });
    }
    if terms.price.is_zero() {
        return Err(ContractError::ZeroPrice {});
    }
    if terms.quota == 0 {
        return Err(ContractError::ZeroQuota {});
    }
    Ok(())
}
