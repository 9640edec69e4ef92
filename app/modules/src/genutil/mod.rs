//! Genesis transactions.

pub mod genesis;

use iz_core::{Module, module::GenesisRoute};

pub const NAME: &str = "genutil";

#[must_use]
pub fn module() -> Module {
    Module {
        name: NAME,
        version: 1,
        genesis: Some(GenesisRoute::of::<genesis::GenutilGenesis>()),
        ..Module::default()
    }
}
