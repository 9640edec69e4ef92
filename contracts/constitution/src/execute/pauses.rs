//! The guardian's pause. What it stops is up to those who ask `Paused`: issuance, pools and rounds, never a way out.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use iz_contract_types::constitution::Scope;

use super::unauthorized;
use crate::error::ContractError;
use crate::pause::{available, begin, end, paused_until};
use crate::state::{CONFIG, PAUSES};

const REASON_BYTES: usize = 256;

pub fn pause(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    scope: Scope,
    seconds: u64,
    reason: &str,
) -> Result<Response, ContractError> {
    if CONFIG.load(deps.storage)?.guardian != info.sender.as_str() {
        return Err(unauthorized(info));
    }
    if reason.is_empty() || reason.len() > REASON_BYTES {
        let reason = "it has 1 to 256 bytes".to_string();
        return Err(ContractError::Invalid { what: "reason", reason });
    }
    let now = env.block.time.seconds();
    let mut pauses = PAUSES.may_load(deps.storage, scope as u8)?.unwrap_or_default();
    let available = available(&pauses, now);
    if seconds == 0 || seconds > available {
        return Err(ContractError::PauseBudget { scope, asked: seconds, available });
    }
    begin(&mut pauses, now, seconds);
    PAUSES.save(deps.storage, scope as u8, &pauses)?;
    Ok(Response::new()
        .add_attribute("action", "pause")
        .add_attribute("scope", format!("{scope:?}"))
        .add_attribute("until", now.saturating_add(seconds).to_string())
        .add_attribute("reason", reason))
}

pub fn unpause(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    scope: Scope,
) -> Result<Response, ContractError> {
    let guardian = CONFIG.load(deps.storage)?.guardian;
    if guardian != info.sender.as_str() && info.sender != env.contract.address {
        return Err(unauthorized(info));
    }
    let now = env.block.time.seconds();
    let mut pauses = PAUSES.may_load(deps.storage, scope as u8)?.unwrap_or_default();
    if paused_until(&pauses, now).is_none() {
        return Err(ContractError::NotPaused { scope });
    }
    end(&mut pauses, now);
    PAUSES.save(deps.storage, scope as u8, &pauses)?;
    Ok(Response::new().add_attribute("action", "unpause").add_attribute("scope", format!("{scope:?}")))
}
