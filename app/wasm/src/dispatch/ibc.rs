//! Messages of contracts to other chains. The chain has no channels yet, so packets are refused as wasmd refuses them on a channel that does
//! not exist; transfers and the like go to their modules, which refuse them alike.

use iz_core::{Address, Context, Error, Registered, Result, stores};
use iz_modules::{convert::coin_to_proto, transfer::keeper as transfer};
use iz_proto::{
    Any,
    ibc::{
        applications::transfer::v1::MsgTransfer,
        core::{
            channel::{
                v1::MsgChannelCloseInit,
                v2::{MsgSendPacket, Payload},
            },
            client::v1::Height,
        },
    },
};
use prost::{Message, Name};

use super::Dispatched;
use crate::{
    addresses, errors, keys,
    types::{CosmosMsg, Ibc2Msg, IbcMsg, IbcTimeoutBlock, coin_from_vm},
};

static CHANNEL_NOT_FOUND: Registered = Registered::new("channel", 3, "channel not found");

fn pack<M: Message + Name>(message: &M) -> Any {
    Any { type_url: M::type_url(), value: message.encode_to_vec() }
}

fn height(block: Option<&IbcTimeoutBlock>) -> Height {
    block.map_or_else(Height::default, |block| Height {
        revision_number: block.revision,
        revision_height: block.height,
    })
}

/// `EncodeIBCMsg`.
pub(super) fn encode(
    context: &mut Context,
    contract: &Address,
    sender: String,
    message: &IbcMsg,
) -> Result<Any> {
    match message {
        IbcMsg { close_channel: Some(message), .. } => Ok(pack(&MsgChannelCloseInit {
            port_id: addresses::ibc_port(context.addresses(), contract),
            channel_id: message.channel_id.clone(),
            signer: sender,
        })),
        IbcMsg { transfer: Some(message), .. } => {
            let token = coin_from_vm(&message.amount).map_err(|error| error.wrap("amount"))?;
            Ok(pack(&MsgTransfer {
                source_port: transfer::port(context)?,
                source_channel: message.channel_id.clone(),
                token: Some(coin_to_proto(&token)),
                sender,
                receiver: message.to_address.clone(),
                timeout_height: Some(height(message.timeout.block.as_ref())),
                timeout_timestamp: message.timeout.timestamp.0,
                memo: message.memo.clone(),
                encoding: String::new(),
            }))
        }
        _ => Err(errors::UNKNOWN_MSG.wrap("unknown variant of IBC")),
    }
}

/// `EncodeIBCv2Msg`.
pub(super) fn encode_v2(sender: String, message: &Ibc2Msg) -> Result<Any> {
    let Some(message) = &message.send_packet else {
        return Err(errors::UNKNOWN_MSG.wrap("unknown variant of IBCv2"));
    };
    let payload = |payload: &crate::types::Ibc2Payload| Payload {
        source_port: payload.source_port.clone(),
        destination_port: payload.destination_port.clone(),
        version: payload.version.clone(),
        encoding: payload.encoding.clone(),
        value: payload.value.bytes().to_vec(),
    };
    // Go reads the nanoseconds as a signed number
    let seconds = message.timeout.0.cast_signed().div_euclid(1_000_000_000);
    Ok(pack(&MsgSendPacket {
        source_client: message.source_client.clone(),
        timeout_timestamp: seconds.cast_unsigned(),
        payloads: message.payloads.iter().map(payload).collect(),
        signer: sender,
    }))
}

/// Packets and acknowledgements of the contract itself (`IBCRawPacketHandler`, `IBC2RawPacketHandler`).
pub(super) fn dispatch(
    context: &mut Context,
    _contract: &Address,
    ibc_port: &str,
    message: &CosmosMsg,
) -> Result<Dispatched> {
    match message {
        CosmosMsg { ibc: Some(IbcMsg { send_packet: Some(message), .. }), .. } => {
            let channel = require_channel(ibc_port, &message.channel_id)?;
            let key = format!("channelEnds/ports/{ibc_port}/channels/{channel}");
            no_channel(context, key.as_bytes(), channel)
        }
        CosmosMsg { ibc: Some(IbcMsg { write_acknowledgement: Some(message), .. }), .. } => {
            let channel = require_channel(ibc_port, &message.channel_id)?;
            let key = keys::pending_acknowledgement(ibc_port, channel, message.packet_sequence);
            context.get(stores::WASM, &key)?;
            Err(errors::INVALID.wrap("packet"))
        }
        CosmosMsg { ibc2: Some(Ibc2Msg { write_acknowledgement: Some(message), .. }), .. } => {
            let (client, sequence) = (&message.destination_client, message.packet_sequence);
            if client.is_empty() {
                return Err(errors::EMPTY.wrap("ibc2 destination client"));
            }
            let key = [client.as_bytes(), b"async_packet", &sequence.to_be_bytes()].concat();
            context.get(stores::IBC, &key)?;
            let text = format!("no pending async packet for client {client} sequence {sequence}");
            Err(errors::INVALID.wrap(text))
        }
        _ => Err(Error::from(&errors::UNKNOWN_MSG)),
    }
}

fn require_channel<'a>(ibc_port: &str, channel: &'a str) -> Result<&'a str> {
    if ibc_port.is_empty() {
        return Err(errors::UNSUPPORTED_FOR_CONTRACT.wrap("ibc not supported"));
    }
    if channel.is_empty() {
        return Err(errors::EMPTY.wrap("ibc channel"));
    }
    Ok(channel)
}

fn no_channel(context: &mut Context, key: &[u8], channel: &str) -> Result<Dispatched> {
    context.get(stores::IBC, key)?;
    Err(CHANNEL_NOT_FOUND.wrap(channel).wrap("channel"))
}
