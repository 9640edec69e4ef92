//! Epochs: counters that turn over at set times.

mod block;
mod genesis;
mod keeper;
mod keys;
mod query;
mod types;

use iz_core::{Module, module::GenesisRoute};

pub const NAME: &str = "epochs";

#[must_use]
pub fn module() -> Module {
    Module {
        name: NAME,
        version: 1,
        queries: query::routes(),
        genesis: Some(GenesisRoute::of::<genesis::Epochs>()),
        begin_block: Some(block::begin),
        ..Module::default()
    }
}
