//! `genesis`: accounts, the first validators, checks.

mod accounts;
mod collect;
mod gentx;
mod migrate;
mod validate;

pub use gentx::external_ip;

use std::path::PathBuf;

use anyhow::Result;
use clap::Subcommand;

use crate::setup::Setup;

#[derive(Subcommand)]
pub enum Command {
    /// Add an account with its coins
    AddGenesisAccount(accounts::AddAccount),
    /// Add the accounts of a file
    BulkAddGenesisAccount(accounts::BulkAdd),
    /// Make the transaction that makes this node a validator in the genesis
    Gentx(Box<gentx::Gentx>),
    /// Put the transactions of validators into the genesis
    CollectGentxs(collect::CollectGentxs),
    /// Turn the genesis of an older SDK into one of a newer
    Migrate(migrate::Migrate),
    /// Check the genesis
    #[command(visible_alias = "validate-genesis")]
    Validate {
        /// The file [default: that of the home folder]
        file: Option<PathBuf>,
    },
}

impl Command {
    pub fn run(&self, setup: &Setup) -> Result<()> {
        match self {
            Self::AddGenesisAccount(add) => add.run(setup),
            Self::BulkAddGenesisAccount(add) => add.run(setup),
            Self::Gentx(gentx) => gentx.run(setup),
            Self::CollectGentxs(collect) => collect.run(setup),
            Self::Migrate(migrate) => migrate.run(),
            Self::Validate { file } => validate::run(setup, file.as_deref()),
        }
    }
}
