//! Evidence of misbehaviour.

mod block;
pub mod errors;
mod genesis;
pub mod keeper;
pub mod keys;
pub mod msgs;
mod query;
pub mod types;

pub use genesis::EvidenceGenesis;

use iz_core::{MessageRoute, Module, module::GenesisRoute};

use crate::Here;

pub const NAME: &str = "evidence";

#[must_use]
pub fn module() -> Module {
    Module {
        name: NAME,
        version: 1,
        messages: vec![MessageRoute::of::<msgs::MsgSubmitEvidence, Here>()],
        queries: query::routes(),
        genesis: Some(GenesisRoute::of::<EvidenceGenesis>()),
        begin_block: Some(block::begin),
        ..Module::default()
    }
}
