//! Accounts whose coins unlock over time.

mod create;
mod msgs;
pub mod types;

use iz_core::{MessageRoute, Module};
use iz_proto::cosmos::vesting::v1beta1::{
    MsgCreatePeriodicVestingAccount, MsgCreatePermanentLockedAccount, MsgCreateVestingAccount,
};

use crate::Here;

pub const NAME: &str = "vesting";

#[must_use]
pub fn module() -> Module {
    Module {
        name: NAME,
        version: 1,
        messages: vec![
            MessageRoute::of::<MsgCreateVestingAccount, Here>(),
            MessageRoute::of::<MsgCreatePermanentLockedAccount, Here>(),
            MessageRoute::of::<MsgCreatePeriodicVestingAccount, Here>(),
        ],
        ..Module::default()
    }
}
