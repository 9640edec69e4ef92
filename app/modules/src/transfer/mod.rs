//! Token transfer over IBC: genesis and parameters only.

mod denom;
mod genesis;
pub mod keeper;
mod keys;
mod query;

use iz_core::{Module, module::GenesisRoute};

pub const NAME: &str = "transfer";

#[must_use]
pub fn module() -> Module {
    Module {
        name: NAME,
        version: 6,
        queries: query::routes(),
        genesis: Some(GenesisRoute::of::<genesis::TransferGenesis>()),
        ..Module::default()
    }
}
