//! The 07-tendermint light client: its entry in the version map.

use iz_core::Module;

pub const NAME: &str = "07-tendermint";

#[must_use]
pub fn module() -> Module {
    Module { name: NAME, version: 0, ..Module::default() }
}
