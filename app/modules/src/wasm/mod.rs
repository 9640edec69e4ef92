//! Contracts: genesis and the transaction counter only.

use iz_core::Module;

pub const NAME: &str = "wasm";

#[must_use]
pub fn module() -> Module {
    Module { name: NAME, version: 4, ..Module::default() }
}
