//! Where a node is, as observers outside found it: by latency, network prefix, attestation key. A node says nothing about it itself.
//! As many equal words in one epoch as the terms ask move it to that cell from the next epoch on.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use iz_contract_types::nodes::Role;

use crate::error::ContractError;
use crate::state::{CONFIG, NODES, OBSERVED, TALLY, TERMS, node, only};

const LONGEST: usize = 64;

pub fn observe_cell(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    operator: &str,
    cell: String,
) -> Result<Response, ContractError> {
    only(deps.storage, Role::Observer, &info.sender)?;
    if cell.is_empty() || cell.len() > LONGEST {
        return Err(ContractError::OutOfRange {
            what: "the length of a cell's name",
            value: cell.len() as u64,
            least: 1,
            most: LONGEST as u64,
        });
    }
    let operator = deps.api.addr_validate(operator)?;
    if operator == info.sender {
        return Err(ContractError::OwnCase);
    }
    let mut found = node(deps.storage, &operator)?;
    found.active()?;
    let epoch = CONFIG.load(deps.storage)?.epoch(env);
    if OBSERVED.may_load(deps.storage, (&operator, &info.sender))? == Some(epoch) {
        return Err(ContractError::AlreadyObserved);
    }
    OBSERVED.save(deps.storage, (&operator, &info.sender), &epoch)?;
    let key = (&operator, epoch, cell.as_str());
    let count = TALLY.may_load(deps.storage, key)?.unwrap_or_default().saturating_add(1);
    TALLY.save(deps.storage, key, &count)?;
    let needed = TERMS.load(deps.storage)?.observations;
    // exactly then, so that a later word for another cell in the same epoch has to be as strong on its own
    if count == needed {
        found.cell = found.cell_in(epoch).to_string();
        found.next_cell = Some((epoch.saturating_add(1), cell.clone()));
        NODES.save(deps.storage, &operator, &found)?;
    }
    Ok(Response::new()
        .add_attribute("action", "observe_cell")
        .add_attribute("operator", operator)
        .add_attribute("cell", cell)
        .add_attribute("observations", count.to_string()))
}
