//! The entry points: each message to its file.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Response, StdResult, to_json_binary};
use cw2::{ensure_from_older_version, get_contract_version, set_contract_version};
use iz_contract_types::payment::Payment;
use iz_contract_types::quadratic_dao::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};

use crate::config;
use crate::error::ContractError;
use crate::execute::{admin, close, decision, propose, reclaim, seal, vote};
use crate::query;
use crate::state::{BALLOT_COUNT, CONFIG, CONSTITUTION, EPOCH_COUNT, MERIT, PROPOSAL_COUNT};

pub const CONTRACT: &str = "infinitezero:quadratic-dao";
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
    config::check(&msg.config)?;
    CONSTITUTION.save(deps.storage, &deps.api.addr_validate(&msg.admin)?)?;
    MERIT.save(deps.storage, &deps.api.addr_validate(&msg.merit)?)?;
    CONFIG.save(deps.storage, &msg.config)?;
    EPOCH_COUNT.save(deps.storage, &0)?;
    PROPOSAL_COUNT.save(deps.storage, &0)?;
    BALLOT_COUNT.save(deps.storage, &0)?;
    Ok(Response::new().add_attribute("action", "instantiate"))
}

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    if !matches!(msg, ExecuteMsg::Propose { .. }) {
        Payment::none(&info.funds)?;
    }
    match msg {
        ExecuteMsg::Propose { title, digest, uri, class, messages } => {
            propose::propose(deps, &env, &info, propose::Draft { title, digest, uri, class, messages })
        }
        ExecuteMsg::Vote { ballot, votes, none, presence } => {
            vote::vote(deps, &env, &info, ballot, votes, none, presence)
        }
        ExecuteMsg::Commit { ballot, parcel, radius, digest } => {
            seal::commit(deps, &env, &info, ballot, parcel, radius, digest)
        }
        ExecuteMsg::Reveal { ballot, parcel, votes, none, presence, salt } => {
            seal::reveal(deps, &env, &info, seal::Opened { ballot, parcel, votes, none, presence, salt })
        }
        ExecuteMsg::Reclaim { epoch } => reclaim::reclaim(deps, &info, epoch),
        ExecuteMsg::Close { ballot } => close::close(deps, &env, ballot),
        ExecuteMsg::Execute { proposal } => decision::execute(deps, &env, proposal),
        ExecuteMsg::UpdateConfig { config } => admin::update_config(deps, &info, &config),
    }
}

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps<'_>, env: Env, msg: QueryMsg) -> StdResult<Binary> {
    match msg {
        QueryMsg::Config {} => to_json_binary(&CONFIG.load(deps.storage)?),
        QueryMsg::Addresses {} => to_json_binary(&query::addresses(deps)?),
        QueryMsg::Epoch { number } => to_json_binary(&query::epoch(deps, number)?),
        QueryMsg::Proposal { id } => to_json_binary(&query::proposal(deps, &env, id)?),
        QueryMsg::Proposals { start_after, limit } => {
            to_json_binary(&query::proposals(deps, &env, start_after, limit)?)
        }
        QueryMsg::Ballot { id } => to_json_binary(&query::ballot(deps, id)?),
        QueryMsg::Tally { ballot } => to_json_binary(&query::tally(deps, ballot)?),
        QueryMsg::Budget { epoch, voter } => to_json_binary(&query::budget(deps, epoch, &voter)?),
        QueryMsg::VoteOf { ballot, voter } => to_json_binary(&query::vote_of(deps, ballot, &voter)?),
        QueryMsg::NextBond {} => to_json_binary(&query::next_bond(deps, &env)?),
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
