//! Validators and delegations.

use iz_core::Module;

pub const NAME: &str = "staking";

#[must_use]
pub fn module() -> Module {
    Module { name: NAME, version: 5, ..Module::default() }
}
