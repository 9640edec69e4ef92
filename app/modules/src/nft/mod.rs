//! Tokens: genesis only.

mod genesis;
mod keeper;
mod keys;

use iz_core::{Module, module::GenesisRoute};

pub const NAME: &str = "nft";

#[must_use]
pub fn module() -> Module {
    let genesis = Some(GenesisRoute::of::<genesis::NftGenesis>());
    Module { name: NAME, version: 1, genesis, ..Module::default() }
}
