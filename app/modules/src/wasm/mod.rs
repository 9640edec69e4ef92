//! Contracts without the machine they run on: genesis without code, and parameters. The crate `iz-wasm` builds the whole module on this.

mod genesis;
pub mod keys;
pub mod params;
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
