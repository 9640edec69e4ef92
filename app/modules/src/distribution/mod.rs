//! Fees and rewards: who earned what, and who took it.

use iz_core::Module;

pub const NAME: &str = "distribution";

#[must_use]
pub fn module() -> Module {
    Module { name: NAME, version: 3, ..Module::default() }
}
