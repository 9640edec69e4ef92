//! Answers to what the router sent: a transfer tells its sequence, a payment that failed is given back.

use cosmwasm_std::{Binary, DepsMut, Reply, Response, SubMsgResponse, SubMsgResult};

use crate::error::ContractError;
use crate::ibc;
use crate::pools;
use crate::state::{ASSETS, PACKETS, PENDING, Packet, Pending};

pub fn reply(deps: DepsMut<'_>, reply: Reply) -> Result<Response, ContractError> {
    let pending =
        PENDING.may_load(deps.storage, reply.id)?.ok_or(ContractError::UnknownReply { id: reply.id })?;
    PENDING.remove(deps.storage, reply.id);
    match (pending, reply.result) {
        (Pending::Transfer { channel, packet }, SubMsgResult::Ok(answer)) => {
            book(deps, channel, packet, &answer)
        }
        // sent with reply_on_success: an error ends the transaction before it comes here
        (Pending::Transfer { .. }, SubMsgResult::Err(_)) => Err(ContractError::UnknownReply { id: reply.id }),
        (Pending::Payment { .. }, SubMsgResult::Ok(_)) => Ok(Response::new()),
        (Pending::Payment { pool, member, asset, amount }, SubMsgResult::Err(_)) => {
            ASSETS.hold_again(deps.storage, &asset, amount)?;
            pools::give_back(deps.storage, &pool, &member, &asset, amount)?;
            Ok(Response::new()
                .add_attribute("action", "payment_failed")
                .add_attribute("pool", pool)
                .add_attribute("member", member)
                .add_attribute("amount", amount))
        }
    }
}

fn book(
    deps: DepsMut<'_>,
    channel: String,
    packet: Packet,
    answer: &SubMsgResponse,
) -> Result<Response, ContractError> {
    let sequence = transfer_response(answer)
        .and_then(|bytes| ibc::sequence(bytes.as_slice()))
        .ok_or(ContractError::NoSequence {})?;
    if PACKETS.has(deps.storage, (&channel, sequence)) {
        return Err(ContractError::PacketTaken { channel, sequence });
    }
    PACKETS.save(deps.storage, (&channel, sequence), &packet)?;
    Ok(Response::new()
        .add_attribute("action", "begin_transfer")
        .add_attribute("channel", channel)
        .add_attribute("sequence", sequence.to_string()))
}

/// Newer chains answer in `msg_responses`, older ones in `data`.
#[allow(deprecated)]
fn transfer_response(answer: &SubMsgResponse) -> Option<Binary> {
    match answer.msg_responses.first() {
        Some(response) => Some(response.value.clone()),
        None => answer.data.clone(),
    }
}
