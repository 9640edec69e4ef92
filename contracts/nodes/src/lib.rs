//! The registry of nodes: who works, with what bond, at what class, for what pay. Only work that somebody paid for or that a round
//! accepted earns; what a machine says of itself decides nothing but which jobs it can be given.

pub mod contract;
pub mod error;
pub mod execute;
pub mod keys;
pub mod power;
pub mod query;
pub mod rewards;
pub mod state;
