//! Slashing of validators that are down, and the memory of who signed.

mod bitmap;
mod block;
pub mod errors;
mod genesis;
pub mod hooks;
pub mod keeper;
pub mod keys;
pub mod msgs;
mod query;
pub mod restart;
pub mod types;

pub use genesis::SlashingGenesis;

use iz_core::{MessageRoute, Module, module::GenesisRoute};

use crate::Here;

pub const NAME: &str = "slashing";

#[must_use]
pub fn module() -> Module {
    Module {
        name: NAME,
        version: 4,
        messages: vec![
            MessageRoute::of::<msgs::MsgUnjail, Here>(),
            MessageRoute::of::<msgs::MsgUpdateParams, Here>(),
        ],
        queries: query::routes(),
        genesis: Some(GenesisRoute::of::<SlashingGenesis>()),
        begin_block: Some(block::begin),
        ..Module::default()
    }
}
