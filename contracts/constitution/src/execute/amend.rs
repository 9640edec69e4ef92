//! Amendments: the table and the text. By constitutional vote only.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use iz_contract_types::constitution::{Rule, Text};

use super::only_by_vote;
use crate::error::ContractError;
use crate::rules;
use crate::state::{RULES, TEXT};

const DIGEST_BYTES: usize = 32;
const URI_BYTES: usize = 256;

pub fn set_rule(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    rule: &Rule,
) -> Result<Response, ContractError> {
    only_by_vote(env, info)?;
    rules::set(deps.storage, deps.api, &env.contract.address, rule)?;
    Ok(Response::new().add_attribute("action", "set_rule").add_attribute("rule", rules::rule_key(rule)))
}

pub fn remove_rule(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    target: &str,
    key: &str,
) -> Result<Response, ContractError> {
    only_by_vote(env, info)?;
    if !RULES.has(deps.storage, (target, key)) {
        return Err(ContractError::NoRule { target: target.to_string(), key: key.to_string() });
    }
    RULES.remove(deps.storage, (target, key));
    Ok(Response::new()
        .add_attribute("action", "remove_rule")
        .add_attribute("rule", format!("{target}/{key}")))
}

pub fn amend_text(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    text: Text,
) -> Result<Response, ContractError> {
    only_by_vote(env, info)?;
    check(&text)?;
    let (_, version) = TEXT.load(deps.storage)?;
    let digest = text.digest.to_hex();
    TEXT.save(deps.storage, &(text, version.saturating_add(1)))?;
    Ok(Response::new().add_attribute("action", "amend_text").add_attribute("digest", digest))
}

pub fn check(text: &Text) -> Result<(), ContractError> {
    if text.digest.len() != DIGEST_BYTES || text.uri.len() > URI_BYTES {
        let reason = "a digest has 32 bytes, an URI at most 256".to_string();
        return Err(ContractError::Invalid { what: "text", reason });
    }
    Ok(())
}
