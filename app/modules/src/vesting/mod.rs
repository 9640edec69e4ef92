//! Accounts whose coins unlock over time.

use iz_core::Module;

pub const NAME: &str = "vesting";

#[must_use]
pub fn module() -> Module {
    Module { name: NAME, version: 1, ..Module::default() }
}
