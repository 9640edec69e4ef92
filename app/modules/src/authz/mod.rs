//! Grants: one account acting for another.

use iz_core::Module;

pub const NAME: &str = "authz";

#[must_use]
pub fn module() -> Module {
    Module { name: NAME, version: 2, ..Module::default() }
}
