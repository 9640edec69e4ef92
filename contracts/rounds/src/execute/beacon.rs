//! The beacon value that a round waits for, posted by anyone: it draws the committee, or later the groups.

use cosmwasm_std::{DepsMut, Env, HexBinary, Response, Storage, Uint128};
use iz_rounds_machine::{Digest, Phase, Round, beacon as value, draw};

use crate::beacon;
use crate::error::ContractError;
use crate::state::{CANDIDATES, CONFIG, MEMBERS, Member, ROUNDS, SEATS, STANDING, round, weight};

pub fn post(deps: DepsMut<'_>, env: &Env, id: u64, signature: &HexBinary) -> Result<Response, ContractError> {
    let (mut round, task) = round(deps.storage, id)?;
    let due = round.beacon.ok_or(ContractError::NoBeaconDue { round: id })?;
    beacon::verify(deps.api, &CONFIG.load(deps.storage)?.beacon, due, signature)?;
    let now = env.block.time.seconds();
    let purpose = if round.phase == Phase::Draw { "committee" } else { "groups" };
    let contract = env.contract.address.as_str();
    let seed = value::value(signature, purpose, &env.block.chain_id, contract, id);
    if round.phase == Phase::Draw {
        round.seat_committee(&task.parameters, now)?;
        seat(deps.storage, id, &round, seed)?;
    } else {
        round.draw_groups(&task.parameters, seed, now)?;
    }
    ROUNDS.save(deps.storage, id, &round)?;
    Ok(Response::new()
        .add_attribute("action", "beacon")
        .add_attribute("round", id.to_string())
        .add_attribute("beacon_round", due.to_string())
        .add_attribute("seed", seed.to_string()))
}

fn seat(storage: &mut dyn Storage, id: u64, round: &Round, seed: Digest) -> Result<(), ContractError> {
    let mut standing = STANDING.load(storage, id)?;
    let drawn = draw::committee(seed, round.seats, standing.count, |number| {
        Ok::<_, ContractError>(CANDIDATES.load(storage, (id, number))?.total.u128())
    })?;
    standing.weight = Uint128::zero();
    for (seat, number) in (0..round.seats).zip(drawn) {
        let candidate = CANDIDATES.load(storage, (id, number))?;
        standing.weight = standing.weight.checked_add(weight(&candidate))?;
        SEATS.save(storage, (id, seat), &number)?;
        let member = Member { seat, candidate: number, claimed: false, punished: false, fraud: false };
        MEMBERS.save(storage, (id, &candidate.operator), &member)?;
    }
    STANDING.save(storage, id, &standing)?;
    Ok(())
}
