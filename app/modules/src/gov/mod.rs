//! Governance: proposals, deposits, votes.

pub mod authority;
pub mod block;
mod content;
pub mod deposits;
pub mod errors;
pub mod events;
mod execution;
pub mod genesis;
pub mod keys;
mod metadata;
pub mod msgs;
pub mod params;
pub mod proposals;
pub mod query;
pub mod store;
pub mod tally;
pub mod votes;

use iz_core::{Module, module::GenesisRoute};

pub const NAME: &str = "gov";

#[must_use]
pub fn module() -> Module {
    Module {
        name: NAME,
        version: 5,
        messages: msgs::routes(),
        queries: query::routes(),
        genesis: Some(GenesisRoute::of::<genesis::GovGenesis>()),
        end_block: Some(block::end_block),
        ..Module::default()
    }
}
