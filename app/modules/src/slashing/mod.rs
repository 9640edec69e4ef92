//! Slashing of validators that are down.

use iz_core::Module;

pub const NAME: &str = "slashing";

#[must_use]
pub fn module() -> Module {
    Module { name: NAME, version: 4, ..Module::default() }
}
