//! Approve, Revoke, ApproveAll, RevokeAll: by the conventions of cw721.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use cw20::Expiration;

use crate::error::ContractError;
use crate::state::{OPERATORS, TOKENS, TokenApproval};
use crate::tokens;

/// Approvals are read at every transfer.
pub const MOST_APPROVALS: usize = 16;

fn until(env: &Env, expires: Option<Expiration>) -> Result<Expiration, ContractError> {
    let expires = expires.unwrap_or_default();
    if expires.is_expired(&env.block) { Err(ContractError::Expired {}) } else { Ok(expires) }
}

pub fn approve(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    spender: String,
    token_id: String,
    expires: Option<Expiration>,
) -> Result<Response, ContractError> {
    let mut token = tokens::load(deps.storage, &token_id)?;
    tokens::check_approver(deps.as_ref(), &env, &info, &token)?;
    let expires = until(&env, expires)?;
    let spender = deps.api.addr_validate(&spender)?;
    token.approvals.retain(|known| known.spender != spender && !known.expires.is_expired(&env.block));
    if token.approvals.len() >= MOST_APPROVALS {
        return Err(ContractError::TooMany {
            what: "approvals",
            count: token.approvals.len() + 1,
            most: MOST_APPROVALS,
        });
    }
    token.approvals.push(TokenApproval { spender: spender.clone(), expires });
    TOKENS.save(deps.storage, &token_id, &token)?;
    Ok(Response::new()
        .add_attribute("action", "approve")
        .add_attribute("sender", info.sender)
        .add_attribute("spender", spender)
        .add_attribute("token_id", token_id))
}

pub fn revoke(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    spender: String,
    token_id: String,
) -> Result<Response, ContractError> {
    let mut token = tokens::load(deps.storage, &token_id)?;
    tokens::check_approver(deps.as_ref(), &env, &info, &token)?;
    let spender = deps.api.addr_validate(&spender)?;
    token.approvals.retain(|known| known.spender != spender);
    TOKENS.save(deps.storage, &token_id, &token)?;
    Ok(Response::new()
        .add_attribute("action", "revoke")
        .add_attribute("sender", info.sender)
        .add_attribute("spender", spender)
        .add_attribute("token_id", token_id))
}

pub fn approve_all(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    operator: String,
    expires: Option<Expiration>,
) -> Result<Response, ContractError> {
    let expires = until(&env, expires)?;
    let operator = deps.api.addr_validate(&operator)?;
    OPERATORS.save(deps.storage, (&info.sender, &operator), &expires)?;
    Ok(Response::new()
        .add_attribute("action", "approve_all")
        .add_attribute("sender", info.sender)
        .add_attribute("operator", operator))
}

pub fn revoke_all(deps: DepsMut<'_>, info: MessageInfo, operator: String) -> Result<Response, ContractError> {
    let operator = deps.api.addr_validate(&operator)?;
    OPERATORS.remove(deps.storage, (&info.sender, &operator));
    Ok(Response::new()
        .add_attribute("action", "revoke_all")
        .add_attribute("sender", info.sender)
        .add_attribute("operator", operator))
}
