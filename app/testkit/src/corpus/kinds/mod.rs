//! Every kind of message, a file a module.

mod authz;
mod bank;
pub mod content;
mod distribution;
mod feegrant;
mod gov;
mod ibc;
mod others;
mod staking;
mod vesting;
mod wasm;

use super::plan::Kind;

/// All kinds of all modules.
pub fn all() -> Vec<&'static Kind> {
    [
        bank::KINDS,
        vesting::KINDS,
        staking::KINDS,
        distribution::KINDS,
        gov::KINDS,
        authz::KINDS,
        feegrant::KINDS,
        others::KINDS,
        ibc::KINDS,
        wasm::KINDS,
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Uploads for the first blocks.
pub use wasm::foundation;

pub use wasm::calls::query as contract_query;

/// Votes of those who decide, for a proposal that should end as its fate says.
pub use gov::votes_for;
