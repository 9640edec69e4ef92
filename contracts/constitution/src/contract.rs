//! The entry points: each message to its file.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Response, StdResult, to_json_binary};
use cw2::{ensure_from_older_version, get_contract_version, set_contract_version};
use iz_contract_types::constitution::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use iz_contract_types::payment::Payment;

use crate::error::ContractError;
use crate::execute::{amend, bind, config, decision, deposit, foundation, grants, pauses, payments, spend};
use crate::query;
use crate::state::{CONFIG, FOUNDER, GRANT_COUNT, PAYMENT_COUNT, PROTECTED, TEXT};

pub const CONTRACT: &str = "infinitezero:constitution";
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut<'_>,
    _env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    Payment::none(&info.funds)?;
    set_contract_version(deps.storage, CONTRACT, VERSION)?;
    amend::check(&msg.text)?;
    config::check(deps.api, &msg.config)?;
    FOUNDER.save(deps.storage, &info.sender)?;
    PROTECTED.save(deps.storage, &Vec::new())?;
    TEXT.save(deps.storage, &(msg.text, 1))?;
    CONFIG.save(deps.storage, &msg.config)?;
    GRANT_COUNT.save(deps.storage, &0)?;
    PAYMENT_COUNT.save(deps.storage, &0)?;
    Ok(Response::new().add_attribute("action", "instantiate"))
}

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    if !matches!(msg, ExecuteMsg::Deposit {}) {
        Payment::none(&info.funds)?;
    }
    match msg {
        ExecuteMsg::Bind { governor, protected, rules } => {
            bind::bind(deps, &env, &info, &governor, &protected, &rules)
        }
        ExecuteMsg::Execute { proposal_id, class, messages } => {
            decision::execute(deps, &env, &info, proposal_id, class, messages)
        }
        ExecuteMsg::SetRule { rule } => amend::set_rule(deps, &env, &info, &rule),
        ExecuteMsg::RemoveRule { target, key } => amend::remove_rule(deps, &env, &info, &target, &key),
        ExecuteMsg::AmendText { text } => amend::amend_text(deps, &env, &info, text),
        ExecuteMsg::UpdateConfig { config } => config::update(deps, &env, &info, &config),
        ExecuteMsg::Spend { recipient, asset, amount } => {
            spend::spend(deps, &env, &info, &recipient, &asset, amount)
        }
        ExecuteMsg::CreateGrant { recipient, asset, milestones, reviewer, research } => {
            let terms = grants::Terms { recipient, asset, milestones, reviewer, research };
            grants::create(deps, &env, &info, terms)
        }
        ExecuteMsg::ApproveMilestone { grant } => grants::approve_milestone(deps, &env, &info, grant),
        ExecuteMsg::Clawback { grant } => grants::clawback(deps, &env, &info, grant),
        ExecuteMsg::ClaimGrant { grant } => grants::claim(deps, &env, grant),
        ExecuteMsg::Request { recipient, asset, amount } => {
            payments::request(deps, &env, &info, &recipient, &asset, amount)
        }
        ExecuteMsg::Approve { payment } => payments::approve(deps, &env, &info, payment),
        ExecuteMsg::Expire { payment } => payments::expire(deps, &env, payment),
        ExecuteMsg::Deposit {} => deposit::native(deps, &info),
        ExecuteMsg::Receive(received) => deposit::cw20(deps, &info, &received),
        ExecuteMsg::ClaimFoundation { asset } => foundation::claim(deps, &asset),
        ExecuteMsg::Pause { scope, seconds, reason } => {
            pauses::pause(deps, &env, &info, scope, seconds, &reason)
        }
        ExecuteMsg::Unpause { scope } => pauses::unpause(deps, &env, &info, scope),
    }
}

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps<'_>, env: Env, msg: QueryMsg) -> StdResult<Binary> {
    match msg {
        QueryMsg::Check { messages } => to_json_binary(&query::check(deps, &env, &messages)?),
        QueryMsg::Paused { scope } => to_json_binary(&query::paused(deps, &env, scope)?),
        QueryMsg::PauseBudget { scope } => to_json_binary(&query::pause_budget(deps, &env, scope)?),
        QueryMsg::Rule { target, key } => to_json_binary(&query::rule(deps, &target, &key)?),
        QueryMsg::Rules { start_after, limit } => to_json_binary(&query::rules(deps, start_after, limit)?),
        QueryMsg::Text {} => to_json_binary(&query::text(deps)?),
        QueryMsg::Config {} => to_json_binary(&CONFIG.load(deps.storage)?),
        QueryMsg::Governor {} => to_json_binary(&query::governor(deps)?),
        QueryMsg::Treasury { asset } => to_json_binary(&query::treasury(deps, &env, &asset)?),
        QueryMsg::Grant { id } => to_json_binary(&query::grant(deps, &env, id)?),
        QueryMsg::Payment { id } => to_json_binary(&query::payment(deps, id)?),
        QueryMsg::SpentInEpoch { target, key, asset } => {
            to_json_binary(&query::spent(deps, &env, &target, &key, &asset)?)
        }
    }
}

/// From an older version of this contract, or the same: nothing to convert yet.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut<'_>, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    let stored = get_contract_version(deps.storage)?;
    if stored.contract != CONTRACT {
        return Err(ContractError::WrongContract { found: stored.contract, expected: CONTRACT.to_string() });
    }
    ensure_from_older_version(deps.storage, CONTRACT, VERSION)
        .map_err(|_| ContractError::WrongVersion { found: stored.version, own: VERSION.to_string() })?;
    Ok(Response::new().add_attribute("action", "migrate").add_attribute("version", VERSION))
}
