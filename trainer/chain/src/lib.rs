//! A client of a Cosmos chain, over CometBFT's RPC: keys, transactions, contracts and blocks, from several endpoints of which any may
//! be gone, behind or lying about its health. Calls block; share a [`Chain`] or a [`Wallet`] between threads.

#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "a client waits, draws keys and looks at the clock; nothing here is consensus code"
)]

mod account;
mod address;
pub mod answers;
mod blocks;
mod chain;
mod contracts;
mod endpoints;
mod error;
mod fee;
mod rpc;
mod transaction;
mod wallet;

pub use account::Account;
pub use address::{from_bech32, to_bech32};
pub use answers::{Event, Outcome, Status};
pub use blocks::{Block, Blocks};
pub use chain::{Chain, Settings};
pub use error::{ChainError, EndpointError};
pub use fee::GasPrice;
pub use iz_proto::Any;
pub use iz_proto::cosmos::base::v1beta1::Coin;
pub use rpc::read_answer;
pub use transaction::any;
pub use wallet::{Wallet, WalletSettings};

/// One amount of one denomination.
pub fn coin(amount: u128, denom: &str) -> Coin {
    Coin { denom: denom.to_owned(), amount: amount.to_string() }
}
