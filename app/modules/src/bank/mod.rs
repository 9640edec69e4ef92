//! Balances, supply and transfers.

use iz_core::Module;

pub const NAME: &str = "bank";

#[must_use]
pub fn module() -> Module {
    Module { name: NAME, version: 4, ..Module::default() }
}
