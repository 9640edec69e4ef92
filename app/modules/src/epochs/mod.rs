//! Epochs: counters that turn over at set times.

use iz_core::Module;

pub const NAME: &str = "epochs";

#[must_use]
pub fn module() -> Module {
    Module { name: NAME, version: 1, ..Module::default() }
}
