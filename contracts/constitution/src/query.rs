//! Answers.

use cosmwasm_std::{CosmosMsg, Deps, Env, StdError, StdResult, Timestamp, Uint128};
use iz_contract_types::asset::Asset;
use iz_contract_types::constitution::{
    CheckResponse, GovernorResponse, GrantResponse, PauseBudgetResponse, PausedResponse, PaymentResponse,
    Rule, Scope, TextResponse, TreasuryResponse,
};

use crate::error::ContractError;
use crate::execute::grants::vested;
use crate::outflow::asset_key;
use crate::pause::{available, paused_until, used};
use crate::rules::{self, classify, rule_key};
use crate::state::{FOUNDATION, GOVERNOR, GRANTS, PAUSES, PAYMENTS, PROTECTED, RESEARCH, RULES, TEXT};
use crate::treasury::{balance, reserved};

const PAGE: u32 = 30;
const LONGEST_PAGE: u32 = 100;

pub fn check(deps: Deps<'_>, env: &Env, messages: &[CosmosMsg]) -> StdResult<CheckResponse> {
    let (rule, _) = classify(deps.storage, deps.api, &env.contract.address, messages).map_err(generic)?;
    Ok(CheckResponse { class: rule.class, rule_key: rule_key(&rule) })
}

pub fn paused(deps: Deps<'_>, env: &Env, scope: Scope) -> StdResult<PausedResponse> {
    let pauses = PAUSES.may_load(deps.storage, scope as u8)?.unwrap_or_default();
    let until = paused_until(&pauses, env.block.time.seconds()).map(Timestamp::from_seconds);
    Ok(PausedResponse { paused: until.is_some(), until })
}

pub fn pause_budget(deps: Deps<'_>, env: &Env, scope: Scope) -> StdResult<PauseBudgetResponse> {
    let pauses = PAUSES.may_load(deps.storage, scope as u8)?.unwrap_or_default();
    let now = env.block.time.seconds();
    Ok(PauseBudgetResponse { used: used(&pauses, now), available: available(&pauses, now) })
}

pub fn rule(deps: Deps<'_>, target: &str, key: &str) -> StdResult<Option<Rule>> {
    RULES.may_load(deps.storage, (target, key))
}

pub fn rules(
    deps: Deps<'_>,
    start_after: Option<(String, String)>,
    limit: Option<u32>,
) -> StdResult<Vec<Rule>> {
    rules::page(deps.storage, start_after, limit.unwrap_or(PAGE).min(LONGEST_PAGE) as usize)
}

pub fn text(deps: Deps<'_>) -> StdResult<TextResponse> {
    let (text, version) = TEXT.load(deps.storage)?;
    Ok(TextResponse { text, version })
}

pub fn governor(deps: Deps<'_>) -> StdResult<GovernorResponse> {
    let governor = GOVERNOR.may_load(deps.storage)?;
    Ok(GovernorResponse { governor, protected: PROTECTED.load(deps.storage)? })
}

pub fn treasury(deps: Deps<'_>, env: &Env, asset: &Asset) -> StdResult<TreasuryResponse> {
    let balance = balance(&deps.querier, env, asset)?;
    let reserved = reserved(deps.storage, asset)?;
    let key = asset_key(asset);
    Ok(TreasuryResponse {
        balance,
        reserved,
        free: balance.saturating_sub(reserved),
        foundation_owed: FOUNDATION.may_load(deps.storage, &key)?.unwrap_or_default(),
        research: RESEARCH.may_load(deps.storage, &key)?.unwrap_or_default(),
    })
}

pub fn grant(deps: Deps<'_>, env: &Env, id: u64) -> StdResult<GrantResponse> {
    let grant = GRANTS.load(deps.storage, id)?;
    let vested = vested(&grant, env.block.time).map_err(generic)?;
    Ok(GrantResponse {
        recipient: grant.recipient,
        asset: grant.asset,
        milestones: grant.milestones,
        reviewer: grant.reviewer,
        research: grant.research,
        claimed: grant.claimed,
        vested,
        ended_at: grant.ended_at,
    })
}

pub fn payment(deps: Deps<'_>, id: u64) -> StdResult<PaymentResponse> {
    let payment = PAYMENTS.load(deps.storage, id)?;
    Ok(PaymentResponse {
        recipient: payment.recipient,
        asset: payment.asset,
        amount: payment.amount,
        joint: payment.joint,
        approvals: payment.approvals,
        expires: payment.expires,
        status: payment.status,
    })
}

pub fn spent(deps: Deps<'_>, env: &Env, target: &str, key: &str, asset: &Asset) -> StdResult<Uint128> {
    rules::spent(deps.storage, env, &format!("{target}/{key}"), &asset_key(asset))
}

fn generic(error: ContractError) -> StdError {
    StdError::generic_err(error.to_string())
}
