//! The community pool.

use iz_core::Module;

pub const NAME: &str = "protocolpool";

#[must_use]
pub fn module() -> Module {
    Module { name: NAME, version: 1, ..Module::default() }
}
