//! Fees and rewards: who earned what, and who took it.
//!
//! Rewards are not paid out block by block. Each validator has periods: a period ends whenever its delegations change, and the record of a
//! period holds the rewards of one token since the beginning. What a delegation earned is then the difference of two records times its
//! stake, with one term more for every slash in between. Community money goes on to the protocol pool at once.

mod allocation;
mod block;
pub mod errors;
mod genesis;
pub mod hooks;
pub mod keeper;
mod keys;
mod msgs;
mod periods;
mod query;
pub mod restart;
mod rewards;
mod store;
mod types;

#[cfg(test)]
mod tests;

use iz_core::{MessageRoute, Module, module::GenesisRoute};
use iz_proto::cosmos::distribution::v1beta1::{
    MsgCommunityPoolSpend, MsgDepositValidatorRewardsPool, MsgFundCommunityPool, MsgSetWithdrawAddress,
    MsgUpdateParams, MsgWithdrawDelegatorReward, MsgWithdrawValidatorCommission,
};

use crate::Here;

pub const NAME: &str = "distribution";

#[must_use]
pub fn module() -> Module {
    Module {
        name: NAME,
        version: 3,
        messages: vec![
            MessageRoute::of::<MsgSetWithdrawAddress, Here>(),
            MessageRoute::of::<MsgWithdrawDelegatorReward, Here>(),
            MessageRoute::of::<MsgWithdrawValidatorCommission, Here>(),
            MessageRoute::of::<MsgFundCommunityPool, Here>(),
            MessageRoute::of::<MsgUpdateParams, Here>(),
            MessageRoute::of::<MsgCommunityPoolSpend, Here>(),
            MessageRoute::of::<MsgDepositValidatorRewardsPool, Here>(),
        ],
        queries: query::routes(),
        genesis: Some(GenesisRoute::of::<genesis::Distribution>()),
        begin_block: Some(block::begin),
        ..Module::default()
    }
}
