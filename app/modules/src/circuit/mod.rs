//! Circuit breaker: which messages are switched off.

mod keeper;
mod keys;

use iz_core::Module;

pub use keeper::is_allowed;

pub const NAME: &str = "circuit";

#[must_use]
pub fn module() -> Module {
    Module { name: NAME, version: 1, ..Module::default() }
}
