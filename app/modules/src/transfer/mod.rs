//! Token transfer over IBC: genesis, parameters, and transfers as far as they come on a chain without channels.

mod denom;
mod errors;
mod genesis;
pub mod keeper;
mod keys;
mod msgs;
mod query;

use iz_core::{MessageRoute, Module, module::GenesisRoute};
use iz_proto::ibc::applications::transfer::v1::MsgTransfer;

use crate::Here;

pub const NAME: &str = "transfer";

#[must_use]
pub fn module() -> Module {
    Module {
        name: NAME,
        version: 6,
        messages: vec![MessageRoute::of::<MsgTransfer, Here>()],
        queries: query::routes(),
        genesis: Some(GenesisRoute::of::<genesis::TransferGenesis>()),
        ..Module::default()
    }
}
