//! Governance: proposals, deposits, votes.

pub mod authority;
pub mod errors;

use iz_core::Module;

pub const NAME: &str = "gov";

#[must_use]
pub fn module() -> Module {
    Module { name: NAME, version: 5, ..Module::default() }
}
