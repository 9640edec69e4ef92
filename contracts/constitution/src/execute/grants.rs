//! Grants: milestones that stream once approved. What has vested is the recipient's; the rest can be taken back.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Storage, Timestamp, Uint128};
use iz_contract_types::asset::Asset;
use iz_contract_types::constitution::{Milestone, MilestoneState};

use super::{only_by_vote, unauthorized};
use crate::error::ContractError;
use crate::outflow::asset_key;
use crate::pause::DAY;
use crate::state::{GRANT_COUNT, GRANTS, Grant, RESEARCH};
use crate::treasury::{release, require_free, reserve, transfer};

const MILESTONES: usize = 12;
const LONGEST_STREAM: u64 = 3_660 * DAY;

pub struct Terms {
    pub recipient: String,
    pub asset: Asset,
    pub milestones: Vec<Milestone>,
    pub reviewer: Option<String>,
    pub research: bool,
}

pub fn create(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    terms: Terms,
) -> Result<Response, ContractError> {
    only_by_vote(env, info)?;
    let Terms { recipient, asset, milestones, reviewer, research } = terms;
    let invalid = |reason: &str| ContractError::Invalid { what: "grant", reason: reason.to_string() };
    if milestones.is_empty() || milestones.len() > MILESTONES {
        return Err(invalid("a grant has 1 to 12 milestones"));
    }
    let mut total = Uint128::zero();
    for milestone in &milestones {
        if milestone.amount.is_zero() || milestone.seconds > LONGEST_STREAM {
            return Err(invalid("a milestone has an amount and streams for ten years at most"));
        }
        total = total.checked_add(milestone.amount)?;
    }
    let key = asset_key(&asset);
    if research {
        let set_aside = RESEARCH.may_load(deps.storage, &key)?.unwrap_or_default();
        let short = ContractError::ResearchShort { asset: key.clone(), set_aside, asked: total };
        RESEARCH.save(deps.storage, &key, &set_aside.checked_sub(total).map_err(|_| short)?)?;
    } else {
        require_free(deps.storage, &deps.querier, env, &asset, total)?;
        reserve(deps.storage, &asset, total)?;
    }
    let id = GRANT_COUNT.load(deps.storage)?.saturating_add(1);
    GRANT_COUNT.save(deps.storage, &id)?;
    let grant = Grant {
        recipient: deps.api.addr_validate(&recipient)?,
        asset,
        milestones: milestones
            .into_iter()
            .map(|milestone| MilestoneState {
                amount: milestone.amount,
                seconds: milestone.seconds,
                approved_at: None,
            })
            .collect(),
        reviewer: reviewer.map(|address| deps.api.addr_validate(&address)).transpose()?,
        research,
        claimed: Uint128::zero(),
        ended_at: None,
    };
    GRANTS.save(deps.storage, id, &grant)?;
    Ok(Response::new()
        .add_attribute("action", "create_grant")
        .add_attribute("grant", id.to_string())
        .add_attribute("recipient", grant.recipient)
        .add_attribute("asset", key)
        .add_attribute("amount", total))
}

pub fn approve_milestone(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    id: u64,
) -> Result<Response, ContractError> {
    let mut grant = load(deps.storage, id)?;
    if grant.reviewer.as_ref() != Some(&info.sender) && info.sender != env.contract.address {
        return Err(unauthorized(info));
    }
    if grant.ended_at.is_some() {
        return Err(ContractError::GrantEnded { grant: id });
    }
    let next = grant
        .milestones
        .iter_mut()
        .find(|milestone| milestone.approved_at.is_none())
        .ok_or(ContractError::AllApproved { grant: id })?;
    next.approved_at = Some(env.block.time);
    GRANTS.save(deps.storage, id, &grant)?;
    Ok(Response::new().add_attribute("action", "approve_milestone").add_attribute("grant", id.to_string()))
}

pub fn clawback(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    id: u64,
) -> Result<Response, ContractError> {
    only_by_vote(env, info)?;
    let mut grant = load(deps.storage, id)?;
    if grant.ended_at.is_some() {
        return Err(ContractError::GrantEnded { grant: id });
    }
    let unvested = total(&grant)?.checked_sub(vested(&grant, env.block.time)?)?;
    grant.ended_at = Some(env.block.time);
    GRANTS.save(deps.storage, id, &grant)?;
    if grant.research {
        // It stays promised, to research as a whole.
        let key = asset_key(&grant.asset);
        let set_aside = RESEARCH.may_load(deps.storage, &key)?.unwrap_or_default();
        RESEARCH.save(deps.storage, &key, &set_aside.checked_add(unvested)?)?;
    } else {
        release(deps.storage, &grant.asset, unvested)?;
    }
    Ok(Response::new()
        .add_attribute("action", "clawback")
        .add_attribute("grant", id.to_string())
        .add_attribute("amount", unvested))
}

pub fn claim(deps: DepsMut<'_>, env: &Env, id: u64) -> Result<Response, ContractError> {
    let mut grant = load(deps.storage, id)?;
    let amount = vested(&grant, env.block.time)?.checked_sub(grant.claimed)?;
    if amount.is_zero() {
        return Err(ContractError::NothingToClaim);
    }
    grant.claimed = grant.claimed.checked_add(amount)?;
    GRANTS.save(deps.storage, id, &grant)?;
    release(deps.storage, &grant.asset, amount)?;
    Ok(Response::new()
        .add_message(transfer(&grant.asset, &grant.recipient, amount)?)
        .add_attribute("action", "claim_grant")
        .add_attribute("grant", id.to_string())
        .add_attribute("amount", amount))
}

/// What is the recipient's at `now`, claimed or not: each approved milestone grows linearly, rounded down, until it is whole or
/// the grant ends.
pub fn vested(grant: &Grant, now: Timestamp) -> Result<Uint128, ContractError> {
    let now = grant.ended_at.map_or(now, |ended| ended.min(now));
    let mut sum = Uint128::zero();
    for milestone in &grant.milestones {
        let Some(approved) = milestone.approved_at else { break };
        let elapsed = now.seconds().saturating_sub(approved.seconds());
        let part = if elapsed >= milestone.seconds {
            milestone.amount
        } else {
            milestone.amount.multiply_ratio(elapsed, milestone.seconds)
        };
        sum = sum.checked_add(part)?;
    }
    Ok(sum)
}

fn total(grant: &Grant) -> Result<Uint128, ContractError> {
    let mut sum = Uint128::zero();
    for milestone in &grant.milestones {
        sum = sum.checked_add(milestone.amount)?;
    }
    Ok(sum)
}

fn load(storage: &dyn Storage, id: u64) -> Result<Grant, ContractError> {
    GRANTS.may_load(storage, id)?.ok_or(ContractError::NoGrant { grant: id })
}
