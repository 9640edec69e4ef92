//! A bonded node stands for the committee. Its bond, merit and keys are taken as they are now, before the beacon value that draws is
//! known to anyone; the number of candidates is not limited, and each costs the draw only a step of a bisection at most.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Uint128};
use iz_contract_types::{merit, nodes};
use iz_rounds_machine::Phase;

use crate::error::ContractError;
use crate::state::{CANDIDATES, CLIENTS, CONFIG, Candidate, STANDING, STOOD, round};

pub fn stand(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, id: u64) -> Result<Response, ContractError> {
    let (round, task) = round(deps.storage, id)?;
    round.within(Phase::Enrol, env.block.time.seconds())?;
    if CLIENTS.has(deps.storage, (id, &info.sender)) || STOOD.has(deps.storage, (id, &info.sender)) {
        return Err(ContractError::AlreadyIn { address: info.sender.to_string(), round: id });
    }
    let config = CONFIG.load(deps.storage)?;
    let operator = info.sender.to_string();
    let node: nodes::NodeResponse =
        deps.querier.query_wasm_smart(config.nodes, &nodes::QueryMsg::Node { operator: operator.clone() })?;
    if node.status != nodes::Status::Active {
        return Err(ContractError::NodeNotActive { status: node.status });
    }
    if node.bond < task.candidate_bond {
        return Err(ContractError::BondTooLow { bond: node.bond, minimum: task.candidate_bond });
    }
    let standing: merit::MemberResponse = deps
        .querier
        .query_wasm_smart(config.merit, &merit::QueryMsg::Member { addr: operator, at_height: None })?;
    let mut all = STANDING.load(deps.storage, id)?;
    all.total = all.total.checked_add(node.bond)?;
    let candidate = Candidate {
        operator: info.sender.clone(),
        total: all.total,
        merit: Uint128::from(standing.weight.unwrap_or_default()),
        keys: node.keys,
    };
    CANDIDATES.save(deps.storage, (id, all.count), &candidate)?;
    STOOD.save(deps.storage, (id, &info.sender), &all.count)?;
    all.count = all.count.saturating_add(1);
    STANDING.save(deps.storage, id, &all)?;
    Ok(Response::new()
        .add_attribute("action", "stand")
        .add_attribute("round", id.to_string())
        .add_attribute("operator", &info.sender)
        .add_attribute("stake", node.bond))
}
