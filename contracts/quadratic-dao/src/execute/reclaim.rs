//! A delegator votes for herself in one epoch.
//!
//! Her part leaves the delegate's radius and becomes hers, so the sum of radii stays. It has to happen before the delegate's first vote: a vote that
//! was within the larger ball may not be within the smaller. There is time: votes open days after the agenda is complete.

use cosmwasm_std::{DepsMut, MessageInfo, Response};
use iz_contract_types::merit;

use crate::account::load_epoch;
use crate::error::ContractError;
use crate::state::{ACCOUNTS, MERIT, RECLAIMED, TAKEN_BACK};

pub fn reclaim(deps: DepsMut<'_>, info: &MessageInfo, number: u64) -> Result<Response, ContractError> {
    let member = &info.sender;
    let epoch = load_epoch(deps.storage, number)?;
    if RECLAIMED.has(deps.storage, (number, member)) {
        return Err(ContractError::AlreadyReclaimed { member: member.to_string(), epoch: number });
    }
    let height = Some(epoch.snapshot_height);
    let query = merit::QueryMsg::Standing { address: member.to_string(), height };
    let standing: Option<merit::StandingResponse> =
        deps.querier.query_wasm_smart(MERIT.load(deps.storage)?, &query)?;
    let (own, delegate) = standing
        .and_then(|standing| Some((standing.own_power, standing.delegate?)))
        .filter(|(own, _)| !own.is_zero())
        .ok_or_else(|| ContractError::NotDelegated { member: member.to_string(), epoch: number })?;
    if ACCOUNTS.has(deps.storage, (number, &delegate)) {
        return Err(ContractError::DelegateHasVoted { delegate: delegate.to_string(), epoch: number });
    }
    RECLAIMED.save(deps.storage, (number, member), &own)?;
    let taken = TAKEN_BACK.may_load(deps.storage, (number, &delegate))?.unwrap_or_default();
    TAKEN_BACK.save(deps.storage, (number, &delegate), &taken.checked_add(own)?)?;
    // Who has voted with what was delegated to her has an account already.
    if let Some(mut account) = ACCOUNTS.may_load(deps.storage, (number, member))? {
        account.radius = account.radius.checked_add(own)?;
        ACCOUNTS.save(deps.storage, (number, member), &account)?;
    }
    Ok(Response::new()
        .add_attribute("action", "reclaim")
        .add_attribute("member", member)
        .add_attribute("delegate", delegate)
        .add_attribute("power", own))
}
