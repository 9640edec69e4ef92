//! Claim: pays what the sender is owed, here or on another chain. The debit comes before the message; a transfer to another
//! chain is booked in the reply, which knows its sequence.

use cosmwasm_std::{Addr, Coin, DepsMut, Env, IbcMsg, MessageInfo, Response, Storage, SubMsg, Uint128};
use iz_contract_types::asset::Asset;
use iz_contract_types::revenue_router::{Payout, Source};

use crate::apps;
use crate::error::ContractError;
use crate::ibc;
use crate::ledger::{self, account};
use crate::pools;
use crate::state::{ASSETS, MEMBERS, NEXT_REPLY, PENDING, Packet, Pending, ROUTES};

pub fn claim(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    source: Source,
    asset: Asset,
    to: Option<Payout>,
) -> Result<Response, ContractError> {
    let amount = match &source {
        Source::App { app } => take_app(deps.storage, &info.sender, app, &asset)?,
        Source::Pool { pool } => take_share(deps.storage, &info.sender, pool, &asset)?,
    };
    ASSETS.release(deps.storage, &asset, amount)?;
    let response = Response::new()
        .add_attribute("action", "claim")
        .add_attribute("claimant", &info.sender)
        .add_attribute("asset", asset.key())
        .add_attribute("amount", amount);
    match to {
        None => Ok(response.add_message(asset.transfer(info.sender.as_str(), amount)?)),
        Some(Payout::Local { address }) => {
            let address = deps.api.addr_validate(&address)?;
            if address == env.contract.address {
                return Err(ContractError::ToSelf {});
            }
            Ok(response.add_message(asset.transfer(address.as_str(), amount)?))
        }
        Some(Payout::Remote { route, receiver }) => {
            let packet = Packet { source, claimant: info.sender, asset, amount };
            let transfer = remote(deps, &env, &route, &receiver, packet)?;
            Ok(response
                .add_submessage(transfer)
                .add_attribute("route", route)
                .add_attribute("receiver", receiver))
        }
    }
}

fn take_app(
    storage: &mut dyn Storage,
    sender: &Addr,
    app: &str,
    asset: &Asset,
) -> Result<Uint128, ContractError> {
    if apps::load(storage, app)?.owner != *sender {
        return Err(ContractError::Unauthorized {
            sender: sender.clone(),
            who: format!("the owner of {app}"),
        });
    }
    ledger::take(storage, &account::app(app), &asset.key())
}

fn take_share(
    storage: &mut dyn Storage,
    sender: &Addr,
    name: &str,
    asset: &Asset,
) -> Result<Uint128, ContractError> {
    let pool = pools::load(storage, name)?;
    let mut member = MEMBERS.may_load(storage, (name, sender))?.ok_or(ContractError::NothingOwed {})?;
    let share = pools::share(&pool, &mut member, asset)?.ok_or(ContractError::NothingOwed {})?;
    let amount = share.take()?;
    if amount.is_zero() {
        return Err(ContractError::NothingOwed {});
    }
    MEMBERS.save(storage, (name, sender), &member)?;
    Ok(amount)
}

fn remote(
    deps: DepsMut<'_>,
    env: &Env,
    name: &str,
    receiver: &str,
    packet: Packet,
) -> Result<SubMsg, ContractError> {
    let route = ROUTES
        .may_load(deps.storage, name)?
        .ok_or_else(|| ContractError::UnknownRoute { name: name.to_string() })?;
    ibc::check_receiver(receiver)?;
    let Asset::Native { denom } = &packet.asset else {
        return Err(ContractError::NotNative { asset: packet.asset.key() });
    };
    let (to_address, memo) = ibc::address_and_memo(env.contract.address.as_str(), &route, receiver)?;
    let message = IbcMsg::Transfer {
        channel_id: route.channel.clone(),
        to_address,
        amount: Coin { denom: denom.clone(), amount: packet.amount },
        timeout: ibc::timeout(env, &route),
        memo: Some(memo),
    };
    let id = expect_reply(deps.storage, &Pending::Transfer { channel: route.channel, packet })?;
    Ok(SubMsg::reply_on_success(message, id))
}

/// Remembers what a reply will be about, and gives its number.
pub fn expect_reply(storage: &mut dyn Storage, pending: &Pending) -> Result<u64, ContractError> {
    let id = NEXT_REPLY.load(storage)?;
    // numbers are used up within a transaction: they may come again after 2^64
    NEXT_REPLY.save(storage, &id.wrapping_add(1))?;
    PENDING.save(storage, id, pending)?;
    Ok(id)
}
