//! access: plans, keys and quotas of apps, and the money that was paid for them in advance. Fees go to the revenue-router once they are earned.
//! See README.md.

pub mod contract;
mod error;
mod execute;
mod ledger;
mod periods;
mod plans;
mod query;
pub mod state;

pub use error::ContractError;
