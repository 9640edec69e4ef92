//! The community pool: coins that governance spends, and funds that are paid a share of what comes in.
//!
//! Distribution sends the community's part of the rewards to the escrow account. At the beginning of a block the escrow is emptied:
//! continuous funds get their percentages, the pool gets the rest.

mod block;
pub mod errors;
mod genesis;
pub mod keeper;
mod keys;
mod msgs;
mod query;
mod types;

use iz_core::{MessageRoute, Module, module::GenesisRoute};
use iz_proto::cosmos::protocolpool::v1::{
    MsgCancelContinuousFund, MsgCommunityPoolSpend, MsgCreateContinuousFund, MsgFundCommunityPool,
    MsgUpdateParams,
};

use crate::Here;

pub const NAME: &str = "protocolpool";

#[must_use]
pub fn module() -> Module {
    Module {
        name: NAME,
        version: 1,
        messages: vec![
            MessageRoute::of::<MsgFundCommunityPool, Here>(),
            MessageRoute::of::<MsgCommunityPoolSpend, Here>(),
            MessageRoute::of::<MsgCreateContinuousFund, Here>(),
            MessageRoute::of::<MsgCancelContinuousFund, Here>(),
            MessageRoute::of::<MsgUpdateParams, Here>(),
        ],
        queries: query::routes(),
        genesis: Some(GenesisRoute::of::<genesis::ProtocolPool>()),
        begin_block: Some(block::begin),
        ..Module::default()
    }
}
