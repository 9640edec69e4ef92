//! Contracts: genesis, parameters and the transaction counter only.

mod genesis;
mod keys;
mod params;
mod query;

use iz_core::{Module, module::GenesisRoute};

pub const NAME: &str = "wasm";

#[must_use]
pub fn module() -> Module {
    Module {
        name: NAME,
        version: 4,
        queries: query::routes(),
        genesis: Some(GenesisRoute::of::<genesis::WasmGenesis>()),
        ..Module::default()
    }
}
