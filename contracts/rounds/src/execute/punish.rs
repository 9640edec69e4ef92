//! A member that missed a duty is slashed for a faulty day, once a round, whoever reports it.

use cosmwasm_std::{DepsMut, MessageInfo, Response, WasmMsg, to_json_binary};
use iz_contract_types::nodes::{self, SlashKind};

use crate::error::ContractError;
use crate::state::{CONFIG, MEMBERS, member, round};

pub fn punish(
    deps: DepsMut<'_>,
    info: &MessageInfo,
    id: u64,
    operator: &str,
) -> Result<Response, ContractError> {
    let (round, _) = round(deps.storage, id)?;
    if !round.phase.is_over() {
        return Err(ContractError::NotOver { round: id, phase: round.phase });
    }
    let address = deps.api.addr_validate(operator)?;
    let mut absent = member(deps.storage, id, &address)?;
    if !round.is_at_fault(absent.seat) {
        return Err(ContractError::NoFault { operator: operator.to_string(), round: id });
    }
    if absent.punished {
        return Err(ContractError::AlreadyDone);
    }
    absent.punished = true;
    MEMBERS.save(deps.storage, (id, &address), &absent)?;
    let slash = nodes::ExecuteMsg::Slash {
        operator: operator.to_string(),
        kind: SlashKind::Fault { days: 1 },
        reason: format!("a duty missed in round {id}"),
        reporter: Some(info.sender.to_string()),
    };
    Ok(Response::new()
        .add_message(WasmMsg::Execute {
            contract_addr: CONFIG.load(deps.storage)?.nodes.into(),
            msg: to_json_binary(&slash)?,
            funds: vec![],
        })
        .add_attribute("action", "punish")
        .add_attribute("round", id.to_string())
        .add_attribute("operator", operator))
}
