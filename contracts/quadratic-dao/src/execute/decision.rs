//! Hands a decision to the constitution, once, after its time-lock. If that fails, nothing has happened, and it can be tried again in time.

use cosmwasm_std::{DepsMut, Env, Response, WasmMsg, to_json_binary};
use iz_contract_types::constitution::ExecuteMsg;

use crate::error::ContractError;
use crate::state::{CONSTITUTION, PROPOSALS, Stage};

pub fn execute(deps: DepsMut<'_>, env: &Env, id: u64) -> Result<Response, ContractError> {
    let mut proposal =
        PROPOSALS.may_load(deps.storage, id)?.ok_or(ContractError::NoProposal { proposal: id })?;
    let Stage::Passed { from, until } = proposal.stage else {
        return Err(ContractError::NotPassed { proposal: id });
    };
    if env.block.time < from || env.block.time >= until {
        return Err(ContractError::NotNow { proposal: id, from, until });
    }
    proposal.stage = Stage::Executed;
    PROPOSALS.save(deps.storage, id, &proposal)?;
    let decision =
        ExecuteMsg::Execute { proposal_id: id, class: proposal.class, messages: proposal.messages };
    Ok(Response::new()
        .add_message(WasmMsg::Execute {
            contract_addr: CONSTITUTION.load(deps.storage)?.into_string(),
            msg: to_json_binary(&decision)?,
            funds: Vec::new(),
        })
        .add_attribute("action", "execute")
        .add_attribute("proposal", id.to_string()))
}
