//! The application behind CometBFT.
//!
//! [`Application`] is the state machine: it answers every method of ABCI 2.0, from any thread. [`server`] is the socket through which CometBFT
//! reaches it, four connections at a time.

mod application;
mod convert;
mod error;
mod order;
pub mod query;
mod results;
pub mod server;
mod transactions;

pub use application::{Application, Export, Exported, Settings, SnapshotSettings, Voter};
pub use error::AbciError;
pub use query::LocalServices;
pub use results::BlockAnswer;
