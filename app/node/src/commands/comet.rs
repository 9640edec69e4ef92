//! `comet`: the node's identity, and resets of its data.

use std::{fs, io, path::Path};

use anyhow::{Context as _, Result};
use clap::Subcommand;

use super::{bootstrap::BootstrapState, version};
use crate::{
    identity::{NodeKey, ValidatorKey, reset_state},
    json,
    setup::{Setup, make_folder},
};

#[derive(Subcommand)]
pub enum Command {
    /// Print this node's id
    ShowNodeId,
    /// Print this node's consensus public key
    ShowValidator,
    /// Print the address of this node's consensus key
    ShowAddress,
    /// Remove the data and keep what the validator has signed
    #[command(alias = "reset_state")]
    ResetState,
    /// Remove all data and forget what the validator has signed (unsafe)
    #[command(alias = "unsafe_reset_all")]
    UnsafeResetAll {
        /// Keep the address book
        #[arg(long)]
        keep_addr_book: bool,
    },
    /// Let CometBFT go on from the state that this node has, with what its light client learns from others
    BootstrapState(BootstrapState),
    /// Print the versions of CometBFT and of its protocols
    Version,
}

impl Command {
    pub fn run(&self, setup: &Setup) -> Result<()> {
        match self {
            Self::ShowNodeId => say!("{}", NodeKey::load(&setup.config("node_key.json"))?.id()),
            Self::ShowValidator => {
                say!("{}", json::compact(&validator(setup)?.public_key().to_json())?);
            }
            Self::ShowAddress => {
                say!("{}", setup.addresses.consensus(&validator(setup)?.public_key().address()));
            }
            Self::ResetState => remove_databases(&setup.data())?,
            Self::UnsafeResetAll { keep_addr_book } => reset_all(setup, *keep_addr_book)?,
            Self::BootstrapState(command) => command.run(setup)?,
            Self::Version => {
                say!("ABCI: 2.0.0\nBlockProtocol: 11\nCometBFT: {}\nP2PProtocol: 8\n", version::COMETBFT);
            }
        }
        Ok(())
    }
}

fn validator(setup: &Setup) -> Result<ValidatorKey> {
    ValidatorKey::load(&setup.config("priv_validator_key.json"))
}

/// CometBFT's databases; the application's go with the whole folder only.
fn remove_databases(data: &Path) -> Result<()> {
    for name in ["blockstore.db", "state.db", "cs.wal", "evidence.db", "tx_index.db"] {
        remove(&data.join(name))?;
    }
    make_folder(data, 0o700)
}

fn reset_all(setup: &Setup, keep_addr_book: bool) -> Result<()> {
    if !keep_addr_book {
        remove(&setup.config("addrbook.json"))?;
    }
    remove(&setup.data())?;
    remove(&setup.home.join("wasm"))?;
    make_folder(&setup.data(), 0o700)?;
    let state = setup.data().join("priv_validator_state.json");
    let key = setup.config("priv_validator_key.json");
    ValidatorKey::load_or_generate(&key, &state, None)?;
    reset_state(&state)
}

fn remove(path: &Path) -> Result<()> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}
