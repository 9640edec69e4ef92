//! revenue-router: splits every fee among the app, contributors, upstream artefacts, nodes, insurance, the stable token's
//! pledge, research and treasury. A fee costs the same whatever the number of those who are paid by it. See README.md.

mod apps;
pub mod contract;
mod error;
mod execute;
pub mod ibc;
mod ledger;
mod names;
mod pools;
mod query;
mod reply;
pub mod state;

pub use error::ContractError;
