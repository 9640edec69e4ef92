//! Contracts without the machine they run on: genesis without code, and parameters. The crate `iz-wasm` builds the whole module on this.

pub mod access;
pub mod errors;
mod genesis;
pub mod gzip;
pub mod keys;
pub mod params;
mod query;

use iz_core::{Module, module::GenesisRoute};

pub const NAME: &str = "wasm";

/// The most that code may have, unpacked, if it does not come with the genesis.
pub const MAX_CODE: usize = 800 * 1024;

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
