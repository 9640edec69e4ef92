//! AttestReproduction: a bonded node says what its run of a recipe gave. What is counted is k of n, with the digest that each run gave.

use cosmwasm_std::{DepsMut, Env, HexBinary, MessageInfo, Response};
use iz_contract_types::ainft::{Kind, Outcome};
use iz_contract_types::nodes;

use crate::error::ContractError;
use crate::execute::register::check_digest;
use crate::state::{ATTESTATIONS, Attestation, CONFIG, TALLIES};
use crate::tokens;

pub fn attest(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    id: String,
    result: HexBinary,
    outcome: Outcome,
) -> Result<Response, ContractError> {
    let node = info.sender;
    let artefact = tokens::artefact(deps.storage, &id)?;
    if artefact.kind != Kind::Recipe {
        return Err(ContractError::WrongKind { what: "a reproduction", kind: "recipe" });
    }
    check_digest("result", &result)?;
    let exact = artefact.manifest.result.as_ref() == Some(&result);
    if exact != (outcome == Outcome::Exact) {
        return Err(ContractError::OutcomeContradicts {});
    }
    if node == artefact.creator || node == tokens::load(deps.storage, &id)?.owner {
        return Err(ContractError::OwnArtefact { node });
    }
    if ATTESTATIONS.has(deps.storage, (&id, &node)) {
        return Err(ContractError::AttestedAlready { node });
    }
    let bonded = CONFIG.load(deps.storage)?.nodes.is_some_and(|registry| {
        let question = nodes::QueryMsg::Node { operator: node.to_string() };
        deps.querier
            .query_wasm_smart::<nodes::NodeResponse>(registry, &question)
            .is_ok_and(|known| known.status == nodes::Status::Active && !known.bond.is_zero())
    });
    if !bonded {
        return Err(ContractError::NotBonded { node });
    }

    let mut tally = TALLIES.may_load(deps.storage, &id)?.unwrap_or_default();
    let count = match outcome {
        Outcome::Exact => &mut tally.exact,
        Outcome::WithinTolerance => &mut tally.within_tolerance,
        Outcome::Failed => &mut tally.failed,
    };
    *count = count.saturating_add(1);
    TALLIES.save(deps.storage, &id, &tally)?;
    ATTESTATIONS.save(deps.storage, (&id, &node), &Attestation { result, outcome, at: env.block.time })?;
    Ok(Response::new()
        .add_attribute("action", "attest_reproduction")
        .add_attribute("token_id", id)
        .add_attribute("node", node))
}
