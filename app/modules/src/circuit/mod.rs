//! Circuit breaker: which messages are switched off.

use iz_core::Module;

pub const NAME: &str = "circuit";

#[must_use]
pub fn module() -> Module {
    Module { name: NAME, version: 1, ..Module::default() }
}
