//! Fee allowances: one account paying for another.

use iz_core::Module;

pub const NAME: &str = "feegrant";

#[must_use]
pub fn module() -> Module {
    Module { name: NAME, version: 2, ..Module::default() }
}
