//! A member attests the aggregate: the digest of the manifest of the model that follows from the sums. It is integer arithmetic on
//! public blobs, so all honest members have the same.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use iz_rounds_machine::Digest;

use crate::error::ContractError;
use crate::state::{ROUNDS, member, round};

pub fn attest(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    id: u64,
    aggregate: Digest,
) -> Result<Response, ContractError> {
    let (mut round, _) = round(deps.storage, id)?;
    let seat = member(deps.storage, id, &info.sender)?.seat;
    round.attest(seat, aggregate, env.block.time.seconds())?;
    ROUNDS.save(deps.storage, id, &round)?;
    Ok(Response::new()
        .add_attribute("action", "attest")
        .add_attribute("round", id.to_string())
        .add_attribute("seat", seat.to_string())
        .add_attribute("aggregate", aggregate.to_string()))
}
