//! Groups: genesis only.

mod genesis;
mod keys;

use iz_core::{Module, module::GenesisRoute};

pub const NAME: &str = "group";

#[must_use]
pub fn module() -> Module {
    let genesis = Some(GenesisRoute::of::<genesis::GroupGenesis>());
    Module { name: NAME, version: 2, genesis, ..Module::default() }
}
