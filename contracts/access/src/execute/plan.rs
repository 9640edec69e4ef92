//! SetMeter, SetPlan, RetirePlan: what an app sells, and who counts for it. By the app's owner in the router.

use cosmwasm_std::{DepsMut, MessageInfo, Response};
use iz_contract_types::access::Plan;

use crate::error::ContractError;
use crate::plans;
use crate::state::{METERS, PLANS, PlanState};

pub fn set_meter(
    deps: DepsMut<'_>,
    info: MessageInfo,
    app: String,
    meter: Option<String>,
) -> Result<Response, ContractError> {
    plans::check_owner(deps.as_ref(), &info.sender, &app)?;
    match meter {
        Some(meter) => METERS.save(deps.storage, &app, &deps.api.addr_validate(&meter)?)?,
        None => METERS.remove(deps.storage, &app),
    }
    Ok(Response::new().add_attribute("action", "set_meter").add_attribute("app", app))
}

pub fn set_plan(
    deps: DepsMut<'_>,
    info: MessageInfo,
    name: String,
    terms: Plan,
) -> Result<Response, ContractError> {
    plans::check_owner(deps.as_ref(), &info.sender, &terms.app)?;
    plans::check(deps.storage, &name, &terms)?;
    let version = match PLANS.may_load(deps.storage, &name)? {
        Some(known) if known.terms.app != terms.app => {
            return Err(ContractError::PlanTaken { plan: name, app: known.terms.app });
        }
        Some(known) => known.version.saturating_add(1),
        None => 1,
    };
    PLANS.save(deps.storage, &name, &PlanState { terms, version, active: true })?;
    Ok(Response::new()
        .add_attribute("action", "set_plan")
        .add_attribute("plan", name)
        .add_attribute("version", version.to_string()))
}

pub fn retire_plan(deps: DepsMut<'_>, info: MessageInfo, name: String) -> Result<Response, ContractError> {
    let mut known = plans::load(deps.storage, &name)?;
    plans::check_owner(deps.as_ref(), &info.sender, &known.terms.app)?;
    known.active = false;
    PLANS.save(deps.storage, &name, &known)?;
    Ok(Response::new().add_attribute("action", "retire_plan").add_attribute("plan", name))
}
