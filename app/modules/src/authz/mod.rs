//! Grants: one account acting for another.

pub mod block;
pub mod contracts;
mod dispatch;
pub mod errors;
pub mod genesis;
pub mod keeper;
pub mod keys;
pub mod msgs;
pub mod query;
mod send;
mod stake;
pub mod types;

use iz_core::{MessageRoute, Module, module::GenesisRoute};

use crate::Here;

pub const NAME: &str = "authz";

#[must_use]
pub fn module() -> Module {
    Module {
        name: NAME,
        version: 2,
        messages: vec![
            MessageRoute::of::<msgs::MsgGrant, Here>(),
            MessageRoute::of::<msgs::MsgRevoke, Here>(),
            MessageRoute::of::<msgs::MsgExec, Here>(),
        ],
        queries: query::routes(),
        genesis: Some(GenesisRoute::of::<genesis::AuthzGenesis>()),
        begin_block: Some(block::begin_block),
        ..Module::default()
    }
}
