//! Entry points: each message goes to its file in `execute`.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Response, from_json};
use iz_contract_types::ainft::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg, ReceiveMsg};
use iz_contract_types::payment::Payment;

use crate::error::ContractError;
use crate::execute::{admin, approve, attest, fund, new_version, register, sale, settle, transfer, withdraw};
use crate::query;
use crate::state::{ASSETS, CONFIG, COUNT, Config};

pub const NAME: &str = "infinitezero:ainft";
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
        nodes: msg.nodes.map(|nodes| deps.api.addr_validate(&nodes)).transpose()?,
        name: msg.name,
        symbol: msg.symbol,
    };
    CONFIG.save(deps.storage, &config)?;
    COUNT.save(deps.storage, &0)?;
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
    if !matches!(msg, ExecuteMsg::Fund { .. } | ExecuteMsg::Buy { .. }) {
        Payment::none(&info.funds)?;
    }
    match msg {
        ExecuteMsg::TransferNft { recipient, token_id } => {
            transfer::transfer(deps, env, info, recipient, token_id)
        }
        ExecuteMsg::SendNft { contract, token_id, msg } => {
            transfer::send(deps, env, info, contract, token_id, msg)
        }
        ExecuteMsg::Approve { spender, token_id, expires } => {
            approve::approve(deps, env, info, spender, token_id, expires)
        }
        ExecuteMsg::Revoke { spender, token_id } => approve::revoke(deps, env, info, spender, token_id),
        ExecuteMsg::ApproveAll { operator, expires } => {
            approve::approve_all(deps, env, info, operator, expires)
        }
        ExecuteMsg::RevokeAll { operator } => approve::revoke_all(deps, info, operator),
        ExecuteMsg::Register { kind, manifest, assertions, parents, royalty, owner } => {
            let request = register::Request { kind, manifest, assertions, parents, royalty, owner };
            register::register(deps, env, info, request)
        }
        ExecuteMsg::NewVersion { id, uri, digest } => {
            new_version::new_version(deps, env, info, id, uri, digest)
        }
        ExecuteMsg::AttestReproduction { id, result, outcome } => {
            attest::attest(deps, env, info, id, result, outcome)
        }
        ExecuteMsg::Fund { id } => fund::fund(deps, Payment::from_funds(&info.funds)?, id),
        ExecuteMsg::Receive(received) => {
            let payment = Payment::from_cw20(info.sender.as_str(), received.amount)?;
            match from_json(&received.msg)? {
                ReceiveMsg::Fund { id } => fund::fund(deps, payment, id),
                ReceiveMsg::Buy { id } => {
                    let buyer = deps.api.addr_validate(&received.sender)?;
                    sale::buy(deps, env, buyer, payment, id)
                }
            }
        }
        ExecuteMsg::Settle { id, asset } => settle::settle(deps, id, asset),
        ExecuteMsg::Withdraw { asset } => withdraw::withdraw(deps, info, asset),
        ExecuteMsg::Offer { id, asset, price, buyer, expires } => {
            sale::offer(deps, env, info, id, sale::Terms { asset, price, buyer, expires })
        }
        ExecuteMsg::WithdrawOffer { id } => sale::withdraw_offer(deps, info, id),
        ExecuteMsg::Buy { id } => sale::buy(deps, env, info.sender, Payment::from_funds(&info.funds)?, id),
        ExecuteMsg::SetAsset { asset, active } => admin::set_asset(deps, info, asset, active),
        ExecuteMsg::SetNodes { nodes } => admin::set_nodes(deps, info, nodes),
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
