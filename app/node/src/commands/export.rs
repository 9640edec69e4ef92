//! `export`: the state as the genesis of a new chain.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use clap::Args;
use iz_abci::Voter;
use iz_modules::staking::types::ConsensusKey;
use serde_json::{Value, json, value::RawValue};

use crate::{
    genesis::{AppState, Genesis, consensus},
    json::{self, compact},
    run::application::open_at_rest,
    setup::{Setup, write_private},
};

#[derive(Args)]
pub struct Export {
    /// Height; -1 for the last
    #[arg(long, default_value_t = -1, allow_negative_numbers = true)]
    height: i64,
    /// Pay out what is owed and forget heights, for a chain that begins at height zero
    #[arg(long)]
    for_zero_height: bool,
    /// With --for-zero-height: operators that stay; all others are jailed
    #[arg(long, value_delimiter = ',')]
    jail_allowed_addrs: Vec<String>,
    /// Names of the modules; all if none
    #[arg(long, value_delimiter = ',')]
    modules_to_export: Vec<String>,
    /// File to write [default: standard output]
    #[arg(long)]
    output_document: Option<PathBuf>,
}

impl Export {
    pub fn run(&self, setup: &Setup) -> Result<()> {
        let mut genesis = Genesis::load(&setup.config("genesis.json"))?;
        let application = open_at_rest(setup, genesis.chain_id.clone(), None)?;
        let height = if self.height < 0 { application.height() } else { self.height };
        if height == 0 {
            bail!("error exporting state: there is no block yet");
        }
        let wanted = iz_abci::Export {
            height,
            for_zero_height: self.for_zero_height,
            jail_allowed: self.jail_allowed_addrs.clone(),
            modules: self.modules_to_export.clone(),
        };
        let exported = application.export(&wanted).context("error exporting state")?;
        let mut state = AppState::new();
        for (module, text) in exported.sections {
            state.insert(module.to_owned(), RawValue::from_string(text)?);
        }
        "izd".clone_into(&mut genesis.app_name);
        env!("CARGO_PKG_VERSION").clone_into(&mut genesis.app_version);
        genesis.initial_height = exported.initial_height;
        genesis.consensus.validators = Some(exported.validators.iter().map(voter).collect::<Result<_>>()?);
        genesis.consensus.params = Some(consensus::to_json(&exported.consensus_params));
        genesis.set_state(&state)?;
        match &self.output_document {
            None => crate::say::write(format_args!("{}", compact(&genesis)?)),
            Some(path) => {
                genesis.validate_and_complete()?;
                write_private(path, json::indent(&compact(&genesis)?, "  ").as_bytes())?;
            }
        }
        Ok(())
    }
}

/// One who votes, as CometBFT writes it in a genesis.
fn voter(voter: &Voter) -> Result<Value> {
    let (kind, key) = match &voter.key {
        ConsensusKey::Ed25519(key) => ("tendermint/PubKeyEd25519", key),
        ConsensusKey::Secp256k1(key) => ("tendermint/PubKeySecp256k1", key),
        other => bail!("a key of the kind {} cannot be a consensus key", other.kind()),
    };
    let address = voter.key.address().map_err(|error| anyhow::anyhow!("{error}"))?;
    Ok(json!({
        "address": hex::encode_upper(address.as_bytes()),
        "pub_key": { "type": kind, "value": STANDARD.encode(key) },
        "power": voter.power.to_string(),
        "name": voter.name,
    }))
}
