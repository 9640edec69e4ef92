//! Planned upgrades.

use iz_core::Module;

pub const NAME: &str = "upgrade";

#[must_use]
pub fn module() -> Module {
    Module { name: NAME, version: 2, ..Module::default() }
}
