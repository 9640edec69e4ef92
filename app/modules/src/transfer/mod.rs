//! Token transfer over IBC: genesis only.

use iz_core::Module;

pub const NAME: &str = "transfer";

#[must_use]
pub fn module() -> Module {
    Module { name: NAME, version: 6, ..Module::default() }
}
