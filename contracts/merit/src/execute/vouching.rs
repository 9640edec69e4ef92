//! Onboarding before any work: members put merit behind an applicant.
//!
//! What counts is merit, not heads: any number of identities with the same merit admits the same applicants. A new member gets no
//! merit, only what membership gives (proposing, being listed).

use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, Response, Storage, Uint128, Uint512};

use crate::error::ContractError;
use crate::state::{APPLICATIONS, Application, MEMBERS, PARAMETERS, change_member, tick};

/// So many may stand behind one applicant; each with at least that part of the stake, so that nobody fills the places with dust.
const VOUCHERS: usize = 16;

pub fn apply(deps: DepsMut<'_>, info: &MessageInfo) -> Result<Response, ContractError> {
    refuse_members(deps.storage, &info.sender)?;
    if APPLICATIONS.has(deps.storage, &info.sender) {
        return Err(ContractError::AlreadyApplied { applicant: info.sender.to_string() });
    }
    APPLICATIONS.save(deps.storage, &info.sender, &Application::default())?;
    Ok(Response::new().add_attribute("action", "apply").add_attribute("applicant", &info.sender))
}

pub fn vouch(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    applicant: &str,
    stake: Uint128,
) -> Result<Response, ContractError> {
    let applicant = deps.api.addr_validate(applicant)?;
    refuse_members(deps.storage, &applicant)?;
    let mut application = load(deps.storage, &applicant)?;
    let parameters = PARAMETERS.load(deps.storage)?;
    let least = parameters.vouching_stake.div_ceil((VOUCHERS as u128, 1u128));
    if stake < least {
        return Err(ContractError::VoucherTooSmall { stake, least });
    }
    let clock = tick(deps.storage, env)?;
    let growth = clock.growth()?;
    let units = Uint512::from(stake).checked_mul(growth)?;
    let places = application.vouchers.len();
    match application.vouchers.iter_mut().find(|(member, _)| *member == info.sender) {
        Some((_, stake)) => *stake = stake.checked_add(units)?,
        None if places >= VOUCHERS => return Err(ContractError::TooManyVouchers { most: VOUCHERS }),
        None => application.vouchers.push((info.sender.clone(), units)),
    }
    change_member(deps.storage, env, &clock, &info.sender, false, |member| {
        let free = member.own.ripe.checked_sub(member.at_risk)?;
        if units > free {
            let free = Uint128::try_from(free.checked_div(growth)?)?;
            return Err(ContractError::NotEnoughMerit { stake, free });
        }
        member.at_risk = member.at_risk.checked_add(units)?;
        Ok(())
    })?;

    let mut behind = Uint512::zero();
    for (_, units) in &application.vouchers {
        behind = behind.checked_add(*units)?;
    }
    let onboarded = behind >= Uint512::from(parameters.vouching_stake).checked_mul(growth)?;
    if onboarded {
        application.probation_ends = Some(clock.epoch.saturating_add(parameters.probation_epochs));
        change_member(deps.storage, env, &clock, &applicant, true, |_| Ok(()))?;
    }
    APPLICATIONS.save(deps.storage, &applicant, &application)?;
    Ok(Response::new()
        .add_attribute("action", "vouch")
        .add_attribute("member", &info.sender)
        .add_attribute("applicant", applicant)
        .add_attribute("stake", stake)
        .add_attribute("onboarded", onboarded.to_string()))
}

pub fn unvouch(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    applicant: &str,
) -> Result<Response, ContractError> {
    let applicant = deps.api.addr_validate(applicant)?;
    let mut application = load(deps.storage, &applicant)?;
    if application.probation_ends.is_some() {
        return Err(ContractError::AlreadyOnboarded { applicant: applicant.to_string() });
    }
    let place =
        application.vouchers.iter().position(|(member, _)| *member == info.sender).ok_or_else(|| {
            ContractError::NoVoucher { member: info.sender.to_string(), applicant: applicant.to_string() }
        })?;
    let (_, stake) = application.vouchers.remove(place);
    free(deps.storage, env, &info.sender, stake)?;
    // A member by work needs no application any more.
    if application.vouchers.is_empty() && MEMBERS.may_load(deps.storage, &applicant)?.is_some() {
        APPLICATIONS.remove(deps.storage, &applicant);
    } else {
        APPLICATIONS.save(deps.storage, &applicant, &application)?;
    }
    Ok(Response::new()
        .add_attribute("action", "unvouch")
        .add_attribute("member", &info.sender)
        .add_attribute("applicant", applicant))
}

pub fn release(deps: DepsMut<'_>, env: &Env, member: &str) -> Result<Response, ContractError> {
    let member = deps.api.addr_validate(member)?;
    let application = load(deps.storage, &member)?;
    let ends = application
        .probation_ends
        .ok_or_else(|| ContractError::NotOnboarded { applicant: member.to_string() })?;
    let epoch = tick(deps.storage, env)?.epoch;
    if epoch < ends {
        return Err(ContractError::OnProbation { epoch, ends });
    }
    for (voucher, stake) in &application.vouchers {
        free(deps.storage, env, voucher, *stake)?;
    }
    APPLICATIONS.remove(deps.storage, &member);
    Ok(Response::new().add_attribute("action", "release").add_attribute("member", member))
}

fn free(storage: &mut dyn Storage, env: &Env, member: &Addr, stake: Uint512) -> Result<(), ContractError> {
    let clock = tick(storage, env)?;
    change_member(storage, env, &clock, member, false, |member| {
        member.at_risk = member.at_risk.checked_sub(stake)?;
        Ok(())
    })
}

fn load(storage: &dyn Storage, applicant: &Addr) -> Result<Application, ContractError> {
    APPLICATIONS
        .may_load(storage, applicant)?
        .ok_or_else(|| ContractError::NoApplication { applicant: applicant.to_string() })
}

fn refuse_members(storage: &dyn Storage, address: &Addr) -> Result<(), ContractError> {
    if MEMBERS.may_load(storage, address)?.is_some() {
        return Err(ContractError::AlreadyMember { address: address.to_string() });
    }
    Ok(())
}
