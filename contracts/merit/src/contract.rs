//! The entry points: each message to its file.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Response, StdResult, Uint512, to_json_binary};
use cw2::{ensure_from_older_version, get_contract_version, set_contract_version};
use iz_contract_types::merit::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use iz_contract_types::payment::Payment;

use crate::clock::Clock;
use crate::error::ContractError;
use crate::execute::{admin, credit, delegate, rate, tick, vouching};
use crate::ledger::Ledger;
use crate::query;
use crate::state::{ADMIN, CLOCK, PARAMETERS, SUPPLY, TOTAL};

pub const CONTRACT: &str = "infinitezero:merit";
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    Payment::none(&info.funds)?;
    set_contract_version(deps.storage, CONTRACT, VERSION)?;
    admin::check(&msg.parameters)?;
    ADMIN.save(deps.storage, &deps.api.addr_validate(&msg.admin)?)?;
    PARAMETERS.save(deps.storage, &msg.parameters)?;
    CLOCK.save(deps.storage, &Clock::new(env.block.time, &msg.parameters)?, env.block.height)?;
    TOTAL.save(deps.storage, &Ledger::default(), env.block.height)?;
    SUPPLY.save(deps.storage, &Uint512::zero())?;
    admin::add_minters(deps, &msg.minters)?;
    Ok(Response::new().add_attribute("action", "instantiate"))
}

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    Payment::none(&info.funds)?;
    match msg {
        ExecuteMsg::Credit { member, amount, reason } => {
            credit::credit(deps, &env, &info, &member, amount, &reason)
        }
        ExecuteMsg::CreditMany { credits, reason } => {
            credit::credit_many(deps, &env, &info, &credits, &reason)
        }
        ExecuteMsg::Rate { member, change_bps, reason } => {
            rate::rate(deps, &env, &info, &member, change_bps, &reason)
        }
        ExecuteMsg::Apply {} => vouching::apply(deps, &info),
        ExecuteMsg::Vouch { applicant, stake } => vouching::vouch(deps, &env, &info, &applicant, stake),
        ExecuteMsg::Unvouch { applicant } => vouching::unvouch(deps, &env, &info, &applicant),
        ExecuteMsg::Release { member } => vouching::release(deps, &env, &member),
        ExecuteMsg::Delegate { to } => delegate::delegate(deps, &env, &info, to),
        ExecuteMsg::Tick {} => tick::tick(deps, &env),
        ExecuteMsg::UpdateMinters { add, remove } => admin::update_minters(deps, &info, &add, &remove),
        ExecuteMsg::UpdateParameters { parameters } => {
            admin::update_parameters(deps, &env, &info, &parameters)
        }
    }
}

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps<'_>, env: Env, msg: QueryMsg) -> StdResult<Binary> {
    match msg {
        QueryMsg::VotingPowerAtHeight { address, height } => {
            to_json_binary(&query::voting_power(deps, &env, &address, height)?)
        }
        QueryMsg::TotalPowerAtHeight { height } => to_json_binary(&query::total_power(deps, &env, height)?),
        QueryMsg::Dao {} => to_json_binary(&ADMIN.load(deps.storage)?),
        QueryMsg::Info {} => to_json_binary(&query::info(deps)?),
        QueryMsg::Member { addr, at_height } => to_json_binary(&query::member(deps, &env, &addr, at_height)?),
        QueryMsg::TotalWeight { at_height } => to_json_binary(&query::total_weight(deps, &env, at_height)?),
        QueryMsg::ListMembers { start_after, limit } => {
            to_json_binary(&query::list_members(deps, &env, start_after, limit)?)
        }
        QueryMsg::Admin {} => to_json_binary(&query::admin(deps)?),
        QueryMsg::Standing { address, height } => {
            to_json_binary(&query::standing(deps, &env, &address, height)?)
        }
        QueryMsg::Application { applicant } => to_json_binary(&query::application(deps, &env, &applicant)?),
        QueryMsg::Clock {} => to_json_binary(&query::clock(deps, &env)?),
        QueryMsg::Parameters {} => to_json_binary(&PARAMETERS.load(deps.storage)?),
        QueryMsg::Minters {} => to_json_binary(&query::minters(deps)?),
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
