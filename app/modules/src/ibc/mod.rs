//! IBC core: genesis and parameters only.

mod genesis;
pub mod identifiers;
mod keys;
mod params;
mod query;

use iz_core::{Module, module::GenesisRoute};

pub const NAME: &str = "ibc";

#[must_use]
pub fn module() -> Module {
    Module {
        name: NAME,
        version: 8,
        queries: query::routes(),
        genesis: Some(GenesisRoute::of::<genesis::IbcGenesis>()),
        ..Module::default()
    }
}
