//! Entry points: each message goes to its file in `execute`.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{
    Binary, Deps, DepsMut, Env, IbcBasicResponse, IbcSourceCallbackMsg, MessageInfo, Reply, Response,
    from_json,
};
use iz_contract_types::payment::Payment;
use iz_contract_types::revenue_router::{
    ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg, ReceiveMsg, SudoMsg,
};

use crate::apps;
use crate::error::ContractError;
use crate::execute::{admin, app, claim, crank, flush, open_job, pay_fee, weight};
use crate::ibc;
use crate::query;
use crate::state::{ADMIN, ASSETS, NEXT_REPLY, POLICY, SINKS};

pub const NAME: &str = "infinitezero:revenue-router";
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut<'_>,
    _env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    Payment::none(&info.funds)?;
    cw2::set_contract_version(deps.storage, NAME, VERSION)?;
    ADMIN.save(deps.storage, &deps.api.addr_validate(&msg.admin)?)?;
    apps::check_policy(&msg.policy)?;
    POLICY.save(deps.storage, &msg.policy)?;
    admin::check_sinks(deps.api, &msg.sinks)?;
    SINKS.save(deps.storage, &msg.sinks)?;
    NEXT_REPLY.save(deps.storage, &0)?;
    for asset in &msg.assets {
        admin::check_asset(deps.api, asset)?;
        ASSETS.set(deps.storage, asset, true)?;
    }
    Ok(Response::new().add_attribute("action", "instantiate"))
}

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    if !matches!(msg, ExecuteMsg::PayFee { .. }) {
        Payment::none(&info.funds)?;
    }
    match msg {
        ExecuteMsg::RegisterApp { app, terms, operators } => app::register(deps, info, app, terms, operators),
        ExecuteMsg::UpdateTerms { app, terms } => app::update_terms(deps, info, app, terms),
        ExecuteMsg::TransferApp { app, owner } => app::transfer(deps, info, app, owner),
        ExecuteMsg::SetOperators { app, operators } => app::set_operators(deps, info, app, operators),
        ExecuteMsg::OpenJob { app, job, artefact } => open_job::open_job(deps, info, app, job, artefact),
        ExecuteMsg::PayFee { app, job } => {
            pay_fee::pay_fee(deps, Payment::from_funds(&info.funds)?, app, job)
        }
        ExecuteMsg::Receive(received) => {
            let payment = Payment::from_cw20(info.sender.as_str(), received.amount)?;
            let ReceiveMsg::PayFee { app, job } = from_json(&received.msg)?;
            pay_fee::pay_fee(deps, payment, app, job)
        }
        ExecuteMsg::AddWeight { pool, member, weight } => weight::add(deps, info, pool, member, weight),
        ExecuteMsg::AddWeights { pool, weights } => weight::add_many(deps, info, pool, weights),
        ExecuteMsg::RemoveWeight { pool, member, weight } => weight::remove(deps, info, pool, member, weight),
        ExecuteMsg::Claim { source, asset, to } => claim::claim(deps, env, info, source, asset, to),
        ExecuteMsg::Flush { sink, asset } => flush::sink(deps, sink, asset),
        ExecuteMsg::FlushArtefact { artefact, asset } => flush::artefact(deps, artefact, asset),
        ExecuteMsg::Crank { pool, asset, limit } => crank::crank(deps, env, pool, asset, limit),
        ExecuteMsg::CreatePool { pool, controller, payout } => {
            admin::create_pool(deps, env, info, pool, controller, payout)
        }
        ExecuteMsg::SetController { pool, controller } => admin::set_controller(deps, info, pool, controller),
        ExecuteMsg::SetAsset { asset, status } => admin::set_asset(deps, info, asset, status),
        ExecuteMsg::SetPolicy { policy } => admin::set_policy(deps, info, policy),
        ExecuteMsg::SetSinks { sinks } => admin::set_sinks(deps, info, *sinks),
        ExecuteMsg::SetRoute { name, route } => admin::set_route(deps, info, name, route),
        ExecuteMsg::UpdateAdmin { admin } => admin::update_admin(deps, info, admin),
    }
}

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps<'_>, _env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    query::query(deps, msg)
}

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn reply(deps: DepsMut<'_>, _env: Env, reply: Reply) -> Result<Response, ContractError> {
    crate::reply::reply(deps, reply)
}

/// What became of a transfer, on chains with ADR-8 callbacks.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn ibc_source_callback(
    deps: DepsMut<'_>,
    _env: Env,
    msg: IbcSourceCallbackMsg,
) -> Result<IbcBasicResponse, ContractError> {
    let response = ibc::source_callback(deps, msg)?;
    Ok(IbcBasicResponse::new().add_attributes(response.attributes))
}

/// What became of a transfer, on chains with ibc-hooks.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn sudo(deps: DepsMut<'_>, _env: Env, msg: SudoMsg) -> Result<Response, ContractError> {
    ibc::hooks_callback(deps, msg)
}

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut<'_>, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    let before = cw2::ensure_from_older_version(deps.storage, NAME, VERSION)?;
    Ok(Response::new().add_attribute("action", "migrate").add_attribute("from", before.to_string()))
}
