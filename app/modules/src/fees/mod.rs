//! Fees in more than one coin, part of which is burned. A module of ours: a chain has it only if its genesis names it.
//!
//! Fees may be paid in the native coin or in any accepted one, at the rate that governance sets. At the beginning of a block, before
//! anything is shared out, all that the fee collector holds is split:
//!
//! - the **burn share**. Native coins are destroyed. Other coins go to the community pool, which owes the burn of as much of the native
//!   coin as they are worth: it buys them, and what it pays with is destroyed as soon as it has it;
//! - the **community pool's share**;
//! - the rest, which stays for validators and delegators.
//!
//! Shares are rounded down, so what cannot be divided stays with the rest, and no coin is lost. The native coin has a fixed supply: it is
//! checked at genesis, and inflation is pinned to zero there and in every later change of the minter's settings. So the supply only shrinks.
//!
//! A share for the developers of contracts comes with contracts: there is nobody yet to whom it could be credited.

mod block;
mod errors;
mod genesis;
pub mod keeper;
mod keys;
mod msgs;
mod query;
mod split;
mod types;

#[cfg(test)]
mod tests;

pub use split::{Split, split_fee};

use iz_core::{MessageRoute, Module, module::GenesisRoute};
use iz_proto::infinitezero::fees::v1::MsgUpdateParams;

use crate::Here;

pub const NAME: &str = "fees";

#[must_use]
pub fn module() -> Module {
    Module {
        name: NAME,
        version: 1,
        messages: vec![MessageRoute::of::<MsgUpdateParams, Here>()],
        queries: query::routes(),
        genesis: Some(GenesisRoute::of::<genesis::Fees>()),
        begin_block: Some(block::begin),
        ..Module::default()
    }
}
