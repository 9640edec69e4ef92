//! Accounts: who they are, their numbers, sequences and keys.

mod encoding;
mod genesis;
pub mod keeper;
mod keys;
mod msgs;
mod params;
mod query;
pub mod types;

use iz_core::{MessageRoute, Module, module::GenesisRoute};
use iz_proto::cosmos::auth::v1beta1::MsgUpdateParams;

use crate::Here;

pub const NAME: &str = "auth";

#[must_use]
pub fn module() -> Module {
    Module {
        name: NAME,
        version: 5,
        messages: vec![MessageRoute::of::<MsgUpdateParams, Here>()],
        queries: query::routes(),
        genesis: Some(GenesisRoute::of::<genesis::AuthGenesis>()),
        ..Module::default()
    }
}
