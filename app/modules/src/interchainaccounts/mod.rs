//! Interchain accounts: genesis and parameters only.

mod controller;
mod genesis;
mod host;
mod keys;
mod links;
mod query;

use iz_core::{Module, module::GenesisRoute};

pub const NAME: &str = "interchainaccounts";

#[must_use]
pub fn module() -> Module {
    Module {
        name: NAME,
        version: 3,
        queries: query::routes(),
        genesis: Some(GenesisRoute::of::<genesis::InterchainAccountsGenesis>()),
        ..Module::default()
    }
}
