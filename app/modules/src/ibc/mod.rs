//! IBC core: genesis only.

use iz_core::Module;

pub const NAME: &str = "ibc";

#[must_use]
pub fn module() -> Module {
    Module { name: NAME, version: 8, ..Module::default() }
}
