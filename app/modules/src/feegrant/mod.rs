//! Fee allowances: one account paying for another.

pub mod block;
pub mod errors;
pub mod genesis;
pub mod grant;
pub mod keeper;
pub mod keys;
pub mod msgs;
pub mod query;
pub mod types;

use iz_core::{MessageRoute, Module, module::GenesisRoute};

use crate::Here;

pub const NAME: &str = "feegrant";

#[must_use]
pub fn module() -> Module {
    Module {
        name: NAME,
        version: 2,
        messages: vec![
            MessageRoute::of::<msgs::MsgGrantAllowance, Here>(),
            MessageRoute::of::<msgs::MsgRevokeAllowance, Here>(),
            MessageRoute::of::<msgs::MsgPruneAllowances, Here>(),
        ],
        queries: query::routes(),
        genesis: Some(GenesisRoute::of::<genesis::FeegrantGenesis>()),
        end_block: Some(block::end_block),
        ..Module::default()
    }
}
