//! Validators, what is delegated to them, and what is on its way out.

mod block;
pub mod errors;
mod genesis;
pub mod hooks;
pub mod keeper;
pub mod keys;
pub mod msgs;
mod query;
pub mod restart;
#[cfg(test)]
mod tests;
pub mod types;

pub use genesis::StakingGenesis;

use iz_core::{MessageRoute, Module, module::GenesisRoute};

use crate::Here;

pub const NAME: &str = "staking";

#[must_use]
pub fn module() -> Module {
    Module {
        name: NAME,
        version: 5,
        messages: vec![
            MessageRoute::of::<msgs::MsgCreateValidator, Here>(),
            MessageRoute::of::<msgs::MsgEditValidator, Here>(),
            MessageRoute::of::<msgs::MsgDelegate, Here>(),
            MessageRoute::of::<msgs::MsgBeginRedelegate, Here>(),
            MessageRoute::of::<msgs::MsgUndelegate, Here>(),
            MessageRoute::of::<msgs::MsgCancelUnbondingDelegation, Here>(),
            MessageRoute::of::<msgs::MsgUpdateParams, Here>(),
        ],
        queries: query::routes(),
        genesis: Some(GenesisRoute::of::<StakingGenesis>()),
        begin_block: Some(block::begin),
        end_block: Some(block::end),
        ..Module::default()
    }
}
