//! Inflation: new coins for every block, more of them the less is bonded.

mod block;
mod genesis;
pub mod keeper;
mod keys;
mod msgs;
mod query;
pub mod types;

use iz_core::{MessageRoute, Module, module::GenesisRoute};
use iz_proto::cosmos::mint::v1beta1::MsgUpdateParams;

use crate::Here;

pub const NAME: &str = "mint";

#[must_use]
pub fn module() -> Module {
    Module {
        name: NAME,
        version: 2,
        messages: vec![MessageRoute::of::<MsgUpdateParams, Here>()],
        queries: query::routes(),
        genesis: Some(GenesisRoute::of::<genesis::Mint>()),
        begin_block: Some(block::begin),
        ..Module::default()
    }
}
