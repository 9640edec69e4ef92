//! `init`: a new node's keys, settings and genesis.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use clap::Args;
use rand::Rng as _;
use serde::Serialize;
use serde_json::{json, value::RawValue};

use crate::{
    config::{self, FileKind},
    genesis::{Genesis, default_params, state},
    identity::{NodeKey, ValidatorKey},
    json,
    keyring::mnemonic_is_valid,
    prompt,
    setup::{Setup, make_folder, write_private, write_public},
};

#[derive(Args)]
pub struct Init {
    /// The node's name for people
    moniker: String,
    /// Id of the chain; a random one if not given
    #[arg(long, default_value = "")]
    chain_id: String,
    /// Replace a genesis that is there
    #[arg(long, short)]
    overwrite: bool,
    /// Make the validator's key from a mnemonic that is asked for
    #[arg(long)]
    recover: bool,
    /// First height of the chain
    #[arg(long, default_value_t = 1)]
    initial_height: i64,
    /// Kind of the consensus keys
    #[arg(long, default_value = "ed25519")]
    consensus_key_algo: String,
}

impl Init {
    pub fn run(&self, setup: &Setup) -> Result<()> {
        let mnemonic = if self.recover {
            let words = prompt::text("Enter your bip39 mnemonic")?;
            if !mnemonic_is_valid(&words) {
                bail!("invalid mnemonic");
            }
            Some(words)
        } else {
            None
        };
        let genesis = setup.config("genesis.json");
        if genesis.exists() && !self.overwrite {
            bail!("genesis.json file already exists: {}; --overwrite replaces it", genesis.display());
        }
        let chain_id = if self.chain_id.is_empty() { random_chain_id() } else { self.chain_id.clone() };
        let identity = Identity::make(setup, mnemonic.as_ref().map(|words| words.as_str()))?;
        write_settings(setup, &self.moniker, &chain_id)?;
        let mut document = Genesis::new(&chain_id);
        document.initial_height = self.initial_height.max(1);
        let mut params = default_params();
        params["validator"]["pub_key_types"] = json!([self.consensus_key_algo]);
        document.consensus.params = Some(params);
        document.set_state(&state::default_state(setup)?)?;
        document.save(&genesis)?;
        NodeInfo::of(&document, &self.moniker, &identity.node_id, "").print()
    }
}

/// What `init` and `collect-gentxs` tell.
#[derive(Serialize)]
pub struct NodeInfo<'a> {
    moniker: &'a str,
    chain_id: &'a str,
    node_id: &'a str,
    gentxs_dir: &'a str,
    app_message: &'a RawValue,
}

impl<'a> NodeInfo<'a> {
    pub fn of(genesis: &'a Genesis, moniker: &'a str, node_id: &'a str, gentxs_dir: &'a str) -> Self {
        let app_message = &*genesis.app_state;
        Self { moniker, chain_id: &genesis.chain_id, node_id, gentxs_dir, app_message }
    }

    pub fn print(&self) -> Result<()> {
        eprintln!("{}", json::indent(&json::compact(self)?, " "));
        Ok(())
    }
}

/// A node's id and its validator's key, made if they are not there.
pub struct Identity {
    pub node_id: String,
    pub validator: ValidatorKey,
}

impl Identity {
    pub fn make(setup: &Setup, mnemonic: Option<&str>) -> Result<Self> {
        make_folder(&setup.home.join("config"), 0o755)?;
        make_folder(&setup.data(), 0o700)?;
        let node_id = NodeKey::load_or_generate(&setup.config("node_key.json"))?.id();
        let validator = ValidatorKey::load_or_generate(
            &setup.config("priv_validator_key.json"),
            &setup.data().join("priv_validator_state.json"),
            mnemonic,
        )?;
        Ok(Self { node_id, validator })
    }
}

/// Writes the settings files that are not there, and the moniker into the one that is.
pub fn write_settings(setup: &Setup, moniker: &str, chain_id: &str) -> Result<()> {
    let app = FileKind::App.path(setup);
    if !app.exists() {
        let prices = format!("\"0{}\"", setup.default_denom);
        let changed = BTreeMap::from([("minimum-gas-prices".to_owned(), prices)]);
        write_public(&app, config::app::render(&changed).as_bytes())?;
    }
    let client = FileKind::Client.path(setup);
    if !client.exists() {
        write_private(&client, config::client::render(chain_id).as_bytes())?;
    }
    let comet = FileKind::Comet.path(setup);
    if comet.exists() {
        let mut document = config::Document::open(FileKind::Comet, &comet)?;
        document.set("moniker", moniker)?;
        return document.save();
    }
    let changed = BTreeMap::from([("moniker".to_owned(), format!("{moniker:?}"))]);
    write_public(&comet, config::comet::render(&changed).as_bytes())
}

fn random_chain_id() -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut random = rand::rng();
    let tail: String = (0..6).map(|_| char::from(LETTERS[random.random_range(0..LETTERS.len())])).collect();
    format!("test-chain-{tail}")
}
