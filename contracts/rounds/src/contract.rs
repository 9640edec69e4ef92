//! The entry points: each message to its file.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Reply, Response, to_json_binary};
use cw2::{ensure_from_older_version, get_contract_version, set_contract_version};
use iz_contract_types::payment::Payment;
use iz_contract_types::rounds::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use iz_rounds_machine::score::Sheet;

use crate::error::ContractError;
use crate::execute::{
    admin, advance, attest, beacon, challenge, claim, enrol, open, publish, punish, register_keys, score,
    settle, stand, submit, sum, withdraw, witness,
};
use crate::query;
use crate::state::CONFIG;

pub const CONTRACT: &str = "infinitezero:rounds";
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
    let config = admin::config(deps.api, &msg.admin, &msg.contracts, msg.beacon, &msg.treasury)?;
    CONFIG.save(deps.storage, &config)?;
    Ok(Response::new().add_attribute("action", "instantiate"))
}

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    // the two messages with a bond check what came themselves
    if !matches!(msg, ExecuteMsg::Enrol { .. } | ExecuteMsg::Challenge { .. }) {
        Payment::none(&info.funds)?;
    }
    match msg {
        ExecuteMsg::RegisterKeys { keys } => register_keys::register_keys(deps, &env, &info, &keys),
        ExecuteMsg::Open { task } => open::open(deps, &env, task),
        ExecuteMsg::Enrol { round } => enrol::enrol(deps, &env, &info, round),
        ExecuteMsg::Stand { round } => stand::stand(deps, &env, &info, round),
        ExecuteMsg::Beacon { round, signature } => beacon::post(deps, &env, round, &signature),
        ExecuteMsg::Submit { round, upload, shares } => {
            submit::submit(deps, &env, &info, round, upload, shares)
        }
        ExecuteMsg::Witness { round, clients } => witness::witness(deps, &env, &info, round, &clients),
        ExecuteMsg::PostSum { round, set, sum, signature } => {
            sum::post_sum(deps, &env, &info, round, &set, &sum, &signature)
        }
        ExecuteMsg::Attest { round, aggregate } => attest::attest(deps, &env, &info, round, aggregate),
        ExecuteMsg::CommitScores { round, commitment } => {
            score::commit(deps, &env, &info, round, &commitment)
        }
        ExecuteMsg::RevealScores { round, scores, metrics, salt } => {
            score::reveal(deps, &env, &info, round, &Sheet { scores, metrics }, &salt)
        }
        ExecuteMsg::Challenge { round, claim } => challenge::challenge(deps, &env, &info, round, claim),
        ExecuteMsg::Judge { round, upheld } => challenge::judge(deps, &env, &info, round, upheld),
        ExecuteMsg::Advance { round } => advance::advance(deps, &env, round),
        ExecuteMsg::Claim { member, rounds } => claim::claim(deps, &member, &rounds),
        ExecuteMsg::Settle { round, members } => settle::settle(deps, round, &members),
        ExecuteMsg::Withdraw { round, client } => withdraw::client_bond(deps, round, &client),
        ExecuteMsg::WithdrawChallenge { round } => withdraw::challenge_bond(deps, round),
        ExecuteMsg::Punish { round, operator } => punish::punish(deps, &info, round, &operator),
        ExecuteMsg::ReportSecondSum { round, operator, set, sum, signature } => {
            sum::report_second(deps, &env, &info, round, &operator, &sum::Signed { set, sum, signature })
        }
        ExecuteMsg::Publish { round } => publish::publish(deps, round),
        ExecuteMsg::CreateTask { task } => admin::create_task(deps, &info, &task),
        ExecuteMsg::UpdateTask { id, task } => admin::update_task(deps, &info, id, &task),
        ExecuteMsg::SetContracts { contracts } => admin::set_contracts(deps, &info, &contracts),
        ExecuteMsg::SetBeacon { beacon } => admin::set_beacon(deps, &info, beacon),
        ExecuteMsg::UpdateAdmin { admin } => admin::update_admin(deps, &info, &admin),
    }
}

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn reply(deps: DepsMut<'_>, _env: Env, reply: Reply) -> Result<Response, ContractError> {
    settle::returned(deps, reply)
}

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps<'_>, _env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    Ok(match msg {
        QueryMsg::Config {} => to_json_binary(&query::config(deps)?),
        QueryMsg::Task { id } => to_json_binary(&query::task(deps, id)?),
        QueryMsg::Tasks { start_after, limit } => to_json_binary(&query::tasks(deps, start_after, limit)?),
        QueryMsg::Round { id } => to_json_binary(&query::of_round(deps, id)?),
        QueryMsg::Clients { round, start_after, limit } => {
            to_json_binary(&query::clients(deps, round, start_after, limit)?)
        }
        QueryMsg::Client { round, client } => to_json_binary(&query::one_client(deps, round, &client)?),
        QueryMsg::Committee { round } => to_json_binary(&query::committee(deps, round)?),
        QueryMsg::Keys { owner } => to_json_binary(&query::keys(deps, &owner)?),
        QueryMsg::Earned { round, member } => to_json_binary(&query::of_member(deps, round, &member)?),
    }?)
}

/// From an older version of this contract, or the same: nothing to convert yet.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut<'_>, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    let stored = get_contract_version(deps.storage)?;
    if stored.contract != CONTRACT {
        return Err(ContractError::WrongContract { found: stored.contract, expected: CONTRACT.to_string() });
    }
    ensure_from_older_version(deps.storage, CONTRACT, VERSION)
        .map_err(|_| ContractError::NewerVersion { found: stored.version, own: VERSION.to_string() })?;
    Ok(Response::new().add_attribute("action", "migrate").add_attribute("version", VERSION))
}
