//! The genesis file: the SDK's form on disk, CometBFT's form for its process, and what commands do to it.

pub mod accounts;
pub mod collect;
pub mod comet;
pub mod consensus;
mod document;
pub mod gentx;
pub mod state;

pub use consensus::default_params;
pub use document::{AppState, Genesis, now};
