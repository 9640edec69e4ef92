//! Payments that wait for the council: its own, within its allowance, and large ones that a vote has approved.

use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, Response, StdResult, Storage, Uint128};
use iz_contract_types::asset::Asset;
use iz_contract_types::constitution::{Council, PaymentStatus};

use super::unauthorized;
use crate::error::ContractError;
use crate::outflow::{Outflow, asset_key, checked};
use crate::rules::charge;
use crate::state::{CONFIG, PAYMENT_COUNT, PAYMENTS, Payment};
use crate::treasury::{release, require_free, transfer};

/// Under which the council's payments are counted.
const COUNCIL: &str = "council";

pub fn request(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    recipient: &str,
    asset: &Asset,
    amount: Uint128,
) -> Result<Response, ContractError> {
    let council = CONFIG.load(deps.storage)?.council;
    only_council(&council, info)?;
    if amount.is_zero() {
        return Err(ContractError::ZeroAmount);
    }
    let recipient = deps.api.addr_validate(recipient)?;
    let asset = checked(deps.api, asset)?;
    let cap = council.allowances.iter().find(|cap| cap.asset == asset).ok_or_else(|| {
        ContractError::AssetNotAllowed { key: COUNCIL.to_string(), asset: asset_key(&asset) }
    })?;
    if amount > cap.per_epoch {
        return Err(ContractError::CapExceeded {
            key: COUNCIL.to_string(),
            asset: asset_key(&asset),
            asked: amount,
            left: cap.per_epoch,
        });
    }
    // The threshold is two at least: the sender's signature alone never pays.
    let id = add(deps.storage, env, recipient, &asset, amount, Some(info.sender.clone()))?;
    Ok(Response::new()
        .add_attribute("action", "request")
        .add_attribute("member", &info.sender)
        .add_attribute("payment", id.to_string()))
}

/// A payment that waits. One with a first signature is the council's own, one without was approved by vote.
pub fn add(
    storage: &mut dyn Storage,
    env: &Env,
    recipient: Addr,
    asset: &Asset,
    amount: Uint128,
    signer: Option<Addr>,
) -> StdResult<u64> {
    let id = PAYMENT_COUNT.load(storage)?.saturating_add(1);
    PAYMENT_COUNT.save(storage, &id)?;
    let payment = Payment {
        recipient,
        asset: asset.clone(),
        amount,
        joint: signer.is_none(),
        approvals: signer.into_iter().collect(),
        expires: env.block.time.plus_seconds(CONFIG.load(storage)?.payment_expiry_seconds),
        status: PaymentStatus::Waiting,
    };
    PAYMENTS.save(storage, id, &payment)?;
    Ok(id)
}

pub fn approve(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, id: u64) -> Result<Response, ContractError> {
    let council = CONFIG.load(deps.storage)?.council;
    only_council(&council, info)?;
    let mut payment = waiting(deps.storage, id)?;
    if env.block.time >= payment.expires {
        return Err(ContractError::PaymentExpired { payment: id, expires: payment.expires });
    }
    if payment.approvals.contains(&info.sender) {
        return Err(ContractError::AlreadySigned { member: info.sender.to_string(), payment: id });
    }
    payment.approvals.push(info.sender.clone());
    // Signatures of those who left the council no longer count.
    payment.approvals.retain(|signer| council.members.iter().any(|member| member == signer.as_str()));
    let mut response = Response::new()
        .add_attribute("action", "approve")
        .add_attribute("member", &info.sender)
        .add_attribute("payment", id.to_string());
    if payment.approvals.len() >= council.threshold as usize {
        if payment.joint {
            release(deps.storage, &payment.asset, payment.amount)?;
        } else {
            let mut outflow = Outflow::default();
            outflow.add(payment.asset.clone(), payment.amount)?;
            charge(deps.storage, env, COUNCIL, &council.allowances, &outflow)?;
            require_free(deps.storage, &deps.querier, env, &payment.asset, payment.amount)?;
        }
        payment.status = PaymentStatus::Paid;
        response = response.add_message(transfer(&payment.asset, &payment.recipient, payment.amount)?);
    }
    PAYMENTS.save(deps.storage, id, &payment)?;
    Ok(response)
}

pub fn expire(deps: DepsMut<'_>, env: &Env, id: u64) -> Result<Response, ContractError> {
    let mut payment = waiting(deps.storage, id)?;
    if env.block.time < payment.expires {
        return Err(ContractError::PaymentWaiting { payment: id, expires: payment.expires });
    }
    if payment.joint {
        release(deps.storage, &payment.asset, payment.amount)?;
    }
    payment.status = PaymentStatus::Expired;
    PAYMENTS.save(deps.storage, id, &payment)?;
    Ok(Response::new().add_attribute("action", "expire").add_attribute("payment", id.to_string()))
}

fn waiting(storage: &dyn Storage, id: u64) -> Result<Payment, ContractError> {
    let payment = PAYMENTS.may_load(storage, id)?.ok_or(ContractError::NoPayment { payment: id })?;
    match payment.status {
        PaymentStatus::Waiting => Ok(payment),
        PaymentStatus::Paid | PaymentStatus::Expired => Err(ContractError::PaymentSettled { payment: id }),
    }
}

fn only_council(council: &Council, info: &MessageInfo) -> Result<(), ContractError> {
    if council.members.iter().any(|member| member == info.sender.as_str()) {
        Ok(())
    } else {
        Err(unauthorized(info))
    }
}
