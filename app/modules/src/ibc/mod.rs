//! IBC core: genesis, parameters, and the messages that find no channel and no client to send over.

mod errors;
mod genesis;
pub mod identifiers;
mod keys;
mod msgs;
pub mod packets;
mod params;
mod query;
mod sequences;

use iz_core::{MessageRoute, Module, module::GenesisRoute};
use iz_proto::ibc::core::channel::{v1::MsgChannelCloseInit, v2::MsgSendPacket};

use crate::Here;

pub(crate) use errors::{INVALID_ADDRESS, INVALID_COINS, INVALID_TYPE};

pub const NAME: &str = "ibc";

#[must_use]
pub fn module() -> Module {
    Module {
        name: NAME,
        version: 8,
        messages: vec![
            MessageRoute::of::<MsgChannelCloseInit, Here>(),
            MessageRoute::of::<MsgSendPacket, Here>(),
        ],
        queries: query::routes(),
        genesis: Some(GenesisRoute::of::<genesis::IbcGenesis>()),
        ..Module::default()
    }
}
