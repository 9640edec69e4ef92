//! Registers the model of a final round as an artefact, with the parents and terms of its task.

use cosmwasm_std::{DepsMut, HexBinary, Response, WasmMsg, to_json_binary};
use iz_contract_types::ainft::{self, Assertion, Kind, Manifest};
use iz_rounds_machine::Phase;

use crate::error::ContractError;
use crate::state::{CONFIG, PUBLISHED, round};

pub fn publish(deps: DepsMut<'_>, id: u64) -> Result<Response, ContractError> {
    let (round, task) = round(deps.storage, id)?;
    let (Phase::Final, Some(aggregate), Some(agreed)) = (round.phase, round.aggregate, round.agreed) else {
        return Err(ContractError::NotFinal { round: id });
    };
    let (Some(contract), Some(terms)) = (CONFIG.load(deps.storage)?.ainft, task.artefact) else {
        return Err(ContractError::NoArtefact);
    };
    if PUBLISHED.has(deps.storage, id) {
        return Err(ContractError::AlreadyDone);
    }
    PUBLISHED.save(deps.storage, id, &true)?;
    let figure = |name: &str, value: u32| Assertion { name: name.to_string(), value: value.to_string() };
    let register = ainft::ExecuteMsg::Register {
        kind: Kind::Model,
        manifest: Manifest {
            digest: HexBinary::from(aggregate.0),
            ml_bom: None,
            croissant: None,
            in_toto: None,
            oci_image: None,
            result: None,
            uri: None,
        },
        // what evaluators agreed on is their word: it is kept apart from what bytes can show
        assertions: vec![
            figure("accuracy_millionths", agreed.metrics.accuracy),
            figure("fairness_millionths", agreed.metrics.fairness),
            figure("robustness_millionths", agreed.metrics.robustness),
        ],
        parents: terms.parents,
        royalty: terms.royalty,
        owner: Some(terms.owner),
    };
    Ok(Response::new()
        .add_message(WasmMsg::Execute {
            contract_addr: contract.into(),
            msg: to_json_binary(&register)?,
            funds: vec![],
        })
        .add_attribute("action", "publish")
        .add_attribute("round", id.to_string())
        .add_attribute("aggregate", aggregate.to_string()))
}
