//! Ownership by the conventions of cw721: who may move a token, and how it moves.

use cosmwasm_std::{Addr, BlockInfo, Deps, DepsMut, Empty, Env, MessageInfo, StdResult, Storage};

use crate::error::ContractError;
use crate::inflow;
use crate::state::{ARTEFACTS, Artefact, OFFERS, OPERATORS, OWNED, TOKENS, Token};

pub fn load(storage: &dyn Storage, id: &str) -> Result<Token, ContractError> {
    TOKENS.may_load(storage, id)?.ok_or_else(|| ContractError::UnknownArtefact { id: id.to_string() })
}

pub fn artefact(storage: &dyn Storage, id: &str) -> Result<Artefact, ContractError> {
    ARTEFACTS.may_load(storage, id)?.ok_or_else(|| ContractError::UnknownArtefact { id: id.to_string() })
}

fn operates(storage: &dyn Storage, block: &BlockInfo, owner: &Addr, sender: &Addr) -> StdResult<bool> {
    Ok(OPERATORS.may_load(storage, (owner, sender))?.is_some_and(|expires| !expires.is_expired(block)))
}

/// The owner and its operators approve.
pub fn check_approver(
    deps: Deps<'_>,
    env: &Env,
    info: &MessageInfo,
    token: &Token,
) -> Result<(), ContractError> {
    if token.owner == info.sender || operates(deps.storage, &env.block, &token.owner, &info.sender)? {
        return Ok(());
    }
    Err(ContractError::Unauthorized { sender: info.sender.clone(), who: "the owner or an operator" })
}

/// The owner alone offers, versions and withdraws offers.
pub fn check_owner(info: &MessageInfo, token: &Token) -> Result<(), ContractError> {
    if token.owner == info.sender {
        return Ok(());
    }
    Err(ContractError::Unauthorized { sender: info.sender.clone(), who: "the owner" })
}

/// The owner, its operators and those approved for this token move it.
pub fn check_mover(
    deps: Deps<'_>,
    env: &Env,
    info: &MessageInfo,
    token: &Token,
) -> Result<(), ContractError> {
    let approved = token
        .approvals
        .iter()
        .any(|approval| approval.spender == info.sender && !approval.expires.is_expired(&env.block));
    if approved {
        return Ok(());
    }
    check_approver(deps, env, info, token).map_err(|_| ContractError::Unauthorized {
        sender: info.sender.clone(),
        who: "the owner, an operator or somebody approved",
    })
}

/// An offer holds a token until it ends.
pub fn check_not_offered(storage: &dyn Storage, env: &Env, id: &str) -> Result<(), ContractError> {
    match OFFERS.may_load(storage, id)? {
        Some(offer) if offer.expires.is_none_or(|at| env.block.time < at) => {
            Err(ContractError::Offered { id: id.to_string() })
        }
        _ => Ok(()),
    }
}

/// Gives a token to a new owner: its income so far stays with the old one, approvals and offers end.
pub fn hand_over(
    deps: DepsMut<'_>,
    env: &Env,
    id: &str,
    mut token: Token,
    owner: Addr,
) -> Result<(), ContractError> {
    if owner == env.contract.address {
        return Err(ContractError::ToSelf {});
    }
    inflow::settle_all(deps.storage, id)?;
    OFFERS.remove(deps.storage, id);
    OWNED.remove(deps.storage, (&token.owner, id));
    OWNED.save(deps.storage, (&owner, id), &Empty {})?;
    token.owner = owner;
    token.approvals.clear();
    TOKENS.save(deps.storage, id, &token)?;
    Ok(())
}
