//! Entry points: each message goes to its file in `execute`.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Response, from_json};
use iz_contract_types::access::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg, ReceiveMsg};
use iz_contract_types::payment::Payment;

use crate::error::ContractError;
use crate::execute::{admin, balance, cancel, consume, crank, donate, key, plan, subscribe};
use crate::query;
use crate::state::{ASSETS, CONFIG, Config};

pub const NAME: &str = "infinitezero:access";
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
    let config = Config {
        admin: deps.api.addr_validate(&msg.admin)?,
        router: deps.api.addr_validate(&msg.router)?,
        free_bond: msg.free_bond,
    };
    CONFIG.save(deps.storage, &config)?;
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
    let paid = matches!(
        msg,
        ExecuteMsg::Subscribe { .. }
            | ExecuteMsg::Deposit {}
            | ExecuteMsg::Donate { .. }
            | ExecuteMsg::CreateKey { .. }
    );
    if !paid {
        Payment::none(&info.funds)?;
    }
    match msg {
        ExecuteMsg::SetMeter { app, meter } => plan::set_meter(deps, info, app, meter),
        ExecuteMsg::SetPlan { plan, terms } => plan::set_plan(deps, info, plan, terms),
        ExecuteMsg::RetirePlan { plan } => plan::retire_plan(deps, info, plan),
        ExecuteMsg::Subscribe { plan, periods } => {
            let payment = Payment::from_funds(&info.funds)?;
            subscribe::subscribe(deps, env, info.sender, payment, plan, periods)
        }
        ExecuteMsg::Cancel { plan } => cancel::cancel(deps, env, info, plan),
        ExecuteMsg::Deposit {} => balance::deposit(deps, info.sender, Payment::from_funds(&info.funds)?),
        ExecuteMsg::Withdraw { asset, amount } => balance::withdraw(deps, info, asset, amount),
        ExecuteMsg::Receive(received) => {
            let payment = Payment::from_cw20(info.sender.as_str(), received.amount)?;
            let sender = deps.api.addr_validate(&received.sender)?;
            match from_json(&received.msg)? {
                ReceiveMsg::Subscribe { plan, periods } => {
                    subscribe::subscribe(deps, env, sender, payment, plan, periods)
                }
                ReceiveMsg::Deposit {} => balance::deposit(deps, sender, payment),
                ReceiveMsg::Donate { app } => donate::donate(deps, payment, app),
            }
        }
        ExecuteMsg::CreateKey { hash, plan, limit, expires } => {
            key::create(deps, env, info, hash, key::Request { plan, limit, expires })
        }
        ExecuteMsg::RevokeKey { hash } => key::revoke(deps, env, info, hash),
        ExecuteMsg::ReleaseBond { hash } => key::release_bond(deps, env, info, hash),
        ExecuteMsg::Consume { hash, sequence, units, receipt } => {
            consume::consume(deps, env, info, consume::Report { hash, sequence, units, receipt })
        }
        ExecuteMsg::Donate { app } => donate::donate(deps, Payment::from_funds(&info.funds)?, app),
        ExecuteMsg::Crank { limit } => crank::crank(deps, env, limit),
        ExecuteMsg::Flush { app, asset } => crank::flush(deps, app, asset),
        ExecuteMsg::SetAsset { asset, active } => admin::set_asset(deps, info, asset, active),
        ExecuteMsg::SetFreeBond { free_bond } => admin::set_free_bond(deps, info, free_bond),
        ExecuteMsg::UpdateAdmin { admin } => admin::update_admin(deps, info, admin),
    }
}

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps<'_>, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    query::query(deps, env, msg)
}

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut<'_>, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    let before = cw2::ensure_from_older_version(deps.storage, NAME, VERSION)?;
    Ok(Response::new().add_attribute("action", "migrate").add_attribute("from", before.to_string()))
}
