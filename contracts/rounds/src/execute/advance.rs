//! Moves a round on when its phase has ended, by anyone. What the phase asks for is read here: at most 32 answers or sheets.

use cosmwasm_std::{DepsMut, Env, Response};
use iz_rounds_machine::{Phase, machine::Evidence};

use crate::beacon;
use crate::error::ContractError;
use crate::state::{ANSWERS, CANDIDATES, CONFIG, ROLLS, ROUNDS, SEATS, SHEETS, STANDING, round, weight};

pub fn advance(deps: DepsMut<'_>, env: &Env, id: u64) -> Result<Response, ContractError> {
    let (mut round, task) = round(deps.storage, id)?;
    let now = env.block.time.seconds();
    let standing = STANDING.load(deps.storage, id)?;
    let mut answers = Vec::new();
    let mut sheets = Vec::new();
    let mut due = None;
    match round.phase {
        Phase::Enrol => due = beacon::due(&CONFIG.load(deps.storage)?.beacon, now),
        Phase::Witness => {
            due = beacon::due(&CONFIG.load(deps.storage)?.beacon, now);
            for seat in 0..round.seats {
                answers.extend(ANSWERS.may_load(deps.storage, (id, seat))?);
            }
        }
        Phase::ScoreReveal => {
            for seat in 0..round.seats {
                if let Some(sheet) = SHEETS.may_load(deps.storage, (id, seat))? {
                    let candidate = SEATS.load(deps.storage, (id, seat))?;
                    let weight = weight(&CANDIDATES.load(deps.storage, (id, candidate))?);
                    sheets.push((sheet, weight.u128()));
                }
            }
        }
        _ => {}
    }
    let evidence = Evidence {
        candidates: standing.count,
        beacon: due,
        contract: env.contract.address.as_str(),
        number: id,
        answers: &answers,
        sheets: &sheets,
        weight: standing.weight.u128(),
    };
    round.advance(&task.parameters, &ROLLS.load(deps.storage, id)?, &evidence, now)?;
    ROUNDS.save(deps.storage, id, &round)?;
    let mut response = Response::new()
        .add_attribute("action", "advance")
        .add_attribute("round", id.to_string())
        .add_attribute("phase", format!("{:?}", round.phase));
    if let Some(reason) = round.reason {
        response = response.add_attribute("reason", format!("{reason:?}"));
    }
    Ok(response)
}
