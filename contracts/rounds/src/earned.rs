//! What a round that is over gives one who took part.

use cosmwasm_std::{Addr, Storage, Uint128};
use iz_contract_types::rounds::{EarnedResponse, Task};
use iz_rounds_machine::{Phase, Round, credit, groups, score};

use crate::error::ContractError;
use crate::state::{ANSWERS, CLIENTS, MEMBERS, SHEETS};

/// As a client or as a member; nobody is both.
pub fn earned(
    storage: &dyn Storage,
    id: u64,
    round: &Round,
    task: &Task,
    address: &Addr,
) -> Result<EarnedResponse, ContractError> {
    let nothing = |claimed| EarnedResponse { merit: Uint128::zero(), node_units: Uint128::zero(), claimed };
    if let Some(client) = CLIENTS.may_load(storage, (id, address))? {
        let (Phase::Final, Some(agreed)) = (round.phase, &round.agreed) else {
            return Ok(nothing(client.claimed));
        };
        let groups = partition(round);
        let merit = groups
            .iter()
            .position(|group| group.contains(&client.index))
            .map_or(0, |group| credit::client(task.rewards.clients.u128(), group, &groups, &agreed.scores));
        return Ok(EarnedResponse { merit: merit.into(), ..nothing(client.claimed) });
    }
    let member = MEMBERS
        .may_load(storage, (id, address))?
        .ok_or_else(|| ContractError::NotMember { address: address.to_string(), round: id })?;
    let nothing = nothing(member.claimed);
    if !round.phase.is_over() || round.is_at_fault(member.seat) || member.fraud {
        return Ok(nothing);
    }
    let seat = (id, member.seat);
    match (round.phase, &round.agreed, SHEETS.may_load(storage, seat)?) {
        (Phase::Final, Some(agreed), Some(sheet)) => {
            let agreement = score::agreement(&sheet.scores, &agreed.scores);
            let merit = credit::evaluator(task.rewards.evaluators.u128(), round.seats, agreement);
            Ok(EarnedResponse { merit: merit.into(), node_units: task.rewards.node_units, ..nothing })
        }
        // who was never asked for anything was not up either
        (Phase::Void, _, _) if ANSWERS.has(storage, seat) => {
            let merit = credit::seat(task.rewards.uptime.u128(), round.seats);
            Ok(EarnedResponse { merit: merit.into(), ..nothing })
        }
        _ => Ok(nothing),
    }
}

/// The groups, once they are drawn.
pub fn partition(round: &Round) -> Vec<Vec<u8>> {
    match round.seed {
        Some(seed) => groups::partition(seed, &round.included, round.groups),
        None => Vec::new(),
    }
}
