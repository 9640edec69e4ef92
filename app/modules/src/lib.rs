//! The modules of the chain. Each has the same small set of files: `keys`, `types`, `genesis`, `query`, `block`, `keeper`, and one file a
//! message under `msgs`.

pub mod auth;
pub mod authz;
pub mod bank;
pub mod canonical;
pub mod circuit;
pub mod collections;
pub mod compact_text;
pub mod consensus;
pub mod convert;
pub mod distribution;
pub mod epochs;
pub mod evidence;
pub mod feegrant;
pub mod fees;
pub mod genutil;
pub mod gov;
pub mod group;
pub mod ibc;
pub mod interchainaccounts;
pub mod mint;
pub mod module_accounts;
pub mod nft;
pub mod pagination;
mod pairs;
pub mod protocolpool;
pub mod router;
pub mod slashing;
pub mod staking;
pub mod tendermint_client;
#[cfg(test)]
mod testing;
pub mod text;
pub mod transfer;
mod unsupported;
pub mod upgrade;
pub mod vesting;
pub mod wasm;

use iz_core::Module;

/// Marks the message handlers of this crate (see [`iz_core::Execute`]).
pub enum Here {}

/// Every module of wasmd, in the order of their names.
#[must_use]
pub fn all() -> Vec<Module> {
    vec![
        tendermint_client::module(),
        auth::module(),
        authz::module(),
        bank::module(),
        circuit::module(),
        consensus::module(),
        distribution::module(),
        epochs::module(),
        evidence::module(),
        feegrant::module(),
        genutil::module(),
        gov::module(),
        group::module(),
        ibc::module(),
        interchainaccounts::module(),
        mint::module(),
        nft::module(),
        protocolpool::module(),
        slashing::module(),
        staking::module(),
        transfer::module(),
        upgrade::module(),
        vesting::module(),
        wasm::module(),
    ]
}

/// Modules of ours: their routes are always there, everything else only if the genesis names them.
#[must_use]
pub fn ours() -> Vec<Module> {
    vec![fees::module()]
}

/// Whether a module is one of ours, which a genesis may leave out.
#[must_use]
pub fn is_ours(name: &str) -> bool {
    name == fees::NAME
}
