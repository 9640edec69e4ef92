//! Accounts: who they are, their numbers, sequences and keys.

use iz_core::Module;

pub const NAME: &str = "auth";

#[must_use]
pub fn module() -> Module {
    Module { name: NAME, version: 5, ..Module::default() }
}
