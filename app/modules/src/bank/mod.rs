//! Balances, supply and transfers.

mod balances;
mod errors;
mod events;
mod genesis;
pub mod keeper;
mod keys;
mod metadata;
mod msgs;
mod params;
mod query;
mod send;
mod supply;

use iz_core::{MessageRoute, Module, module::GenesisRoute};
use iz_proto::cosmos::bank::v1beta1::{MsgMultiSend, MsgSend, MsgSetSendEnabled, MsgUpdateParams};

use crate::Here;

pub const NAME: &str = "bank";

#[must_use]
pub fn module() -> Module {
    Module {
        name: NAME,
        version: 4,
        messages: vec![
            MessageRoute::of::<MsgSend, Here>(),
            MessageRoute::of::<MsgMultiSend, Here>(),
            MessageRoute::of::<MsgUpdateParams, Here>(),
            MessageRoute::of::<MsgSetSendEnabled, Here>(),
        ],
        queries: query::routes(),
        genesis: Some(GenesisRoute::of::<genesis::BankGenesis>()),
        ..Module::default()
    }
}
