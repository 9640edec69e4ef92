//! Interchain accounts: genesis only.

use iz_core::Module;

pub const NAME: &str = "interchainaccounts";

#[must_use]
pub fn module() -> Module {
    Module { name: NAME, version: 3, ..Module::default() }
}
