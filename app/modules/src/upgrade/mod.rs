//! Planned upgrades, and the consensus versions of modules.

pub mod block;
pub mod errors;
pub mod info_file;
pub mod keeper;
pub mod keys;
pub mod msgs;
pub mod plan;
pub mod query;

use iz_core::{MessageRoute, Module};

use crate::Here;

pub const NAME: &str = "upgrade";

#[must_use]
pub fn module() -> Module {
    Module {
        name: NAME,
        version: 2,
        messages: vec![
            MessageRoute::of::<msgs::MsgSoftwareUpgrade, Here>(),
            MessageRoute::of::<msgs::MsgCancelUpgrade, Here>(),
        ],
        queries: query::routes(),
        pre_block: Some(block::pre_block),
        ..Module::default()
    }
}
