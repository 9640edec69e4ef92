//! Sends what was decided, if the table as it is now allows it: a rule that changed since the vote counts as changed.

use cosmwasm_std::{CosmosMsg, DepsMut, Empty, Env, MessageInfo, Response};
use iz_contract_types::constitution::Class;

use super::unauthorized;
use crate::error::ContractError;
use crate::rules::{charge, classify, rule_key};
use crate::state::{EXECUTED, GOVERNOR};
use crate::treasury::require_free;

pub fn execute(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    proposal: u64,
    class: Class,
    messages: Vec<CosmosMsg>,
) -> Result<Response, ContractError> {
    if GOVERNOR.may_load(deps.storage)?.as_ref() != Some(&info.sender) {
        return Err(unauthorized(info));
    }
    if EXECUTED.has(deps.storage, proposal) {
        return Err(ContractError::AlreadyExecuted { proposal });
    }
    EXECUTED.save(deps.storage, proposal, &Empty {})?;
    let response = Response::new()
        .add_attribute("action", "execute")
        .add_attribute("proposal", proposal.to_string())
        .add_attribute("class", format!("{class:?}"));
    if messages.is_empty() {
        // A decision in words: that it stands here is all there is to execute.
        return Ok(response);
    }
    let own = &env.contract.address;
    let (rule, outflow) = classify(deps.storage, deps.api, own, &messages)?;
    if rule.class != class {
        return Err(ContractError::WrongClass { needed: rule.class, voted: class });
    }
    let key = rule_key(&rule);
    charge(deps.storage, env, &key, &rule.caps, &outflow)?;
    if rule.target != own.as_str() {
        // Own messages (spend, create_grant) look themselves, with research apart.
        for (asset, amount) in outflow.iter() {
            require_free(deps.storage, &deps.querier, env, asset, *amount)?;
        }
    }
    Ok(response.add_attribute("rule", key).add_messages(messages))
}
