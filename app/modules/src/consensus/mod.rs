//! Consensus parameters: what CometBFT is told about blocks, evidence and validator keys.

pub mod keeper;
pub mod keys;
pub mod msgs;
pub mod params;
pub mod query;

use iz_core::{MessageRoute, Module};

use crate::Here;

pub const NAME: &str = "consensus";

#[must_use]
pub fn module() -> Module {
    Module {
        name: NAME,
        version: 1,
        messages: vec![MessageRoute::of::<msgs::MsgUpdateParams, Here>()],
        queries: query::routes(),
        ..Module::default()
    }
}
