//! ainft: a registry of data, models, services, states and recipes as cw721 tokens. Identifiers follow from content, lineage is bounded,
//! and income of an artefact flows to what it was built on, one hop a settle. See README.md.

pub mod contract;
mod error;
mod execute;
pub mod identifier;
mod inflow;
mod ledger;
pub mod lineage;
mod query;
mod query_cw721;
pub mod state;
mod tokens;

pub use error::ContractError;
