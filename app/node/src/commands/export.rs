//! `export`: the state as the genesis of a new chain.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use iz_abci::{Application, Settings};
use iz_modules::{upgrade, vesting};
use iz_store::Pruning;
use serde_json::{Value, json, value::RawValue};

use crate::{
    config::{FileKind, Values},
    genesis::{AppState, Genesis},
    json::{self, compact},
    keyring::PublicKey,
    run::application::{open_store, services},
    setup::{Setup, write_private},
};

#[derive(Args)]
pub struct Export {
    /// Height; -1 for the last
    #[arg(long, default_value_t = -1, allow_negative_numbers = true)]
    height: i64,
    /// Not in this binary
    #[arg(long)]
    for_zero_height: bool,
    /// With --for-zero-height
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
        if self.for_zero_height || !self.jail_allowed_addrs.is_empty() {
            bail!(
                "--for-zero-height is not in this binary; export without it keeps all state and goes on at the next height"
            );
        }
        let mut genesis = Genesis::load(&setup.config("genesis.json"))?;
        let store = open_store(setup, Pruning::Nothing, false)?;
        let app = FileKind::App;
        let values = Values::load(app.entries(), &app.path(setup), &Default::default())?;
        let services = services(setup, &values)?;
        let settings = Settings { chain_id: genesis.chain_id.clone(), ..Settings::default() };
        let application =
            Application::new(settings, setup.addresses.clone(), store, crate::modules::all(), services);
        let height = if self.height < 0 { application.height() } else { self.height };
        if height == 0 {
            bail!("error exporting state: there is no block yet");
        }
        let sections =
            application.export(height, &self.modules_to_export).context("error exporting state")?;
        let mut state = AppState::new();
        for (module, text) in sections {
            state.insert(module.to_owned(), RawValue::from_string(text)?);
        }
        // modules without a state of their own have a section all the same
        for module in [upgrade::NAME, vesting::NAME] {
            if self.modules_to_export.is_empty() || self.modules_to_export.iter().any(|name| name == module) {
                state.insert(module.to_owned(), RawValue::from_string("{}".to_owned())?);
            }
        }
        "izd".clone_into(&mut genesis.app_name);
        env!("CARGO_PKG_VERSION").clone_into(&mut genesis.app_version);
        genesis.initial_height = application.height() + 1;
        genesis.app_hash = None;
        genesis.consensus.validators = Some(validators(&state)?);
        genesis.set_state(&state)?;
        let mut text = compact(&genesis)?;
        match &self.output_document {
            None => crate::say::write(format_args!("{text}")),
            Some(path) => {
                text = json::indent(&text, "  ");
                write_private(path, text.as_bytes())?;
            }
        }
        Ok(())
    }
}

/// Those who vote, as CometBFT writes them in a genesis.
fn validators(state: &AppState) -> Result<Vec<Value>> {
    let Some(staking) = state.get("staking") else { return Ok(Vec::new()) };
    let staking: Value = serde_json::from_str(staking.get())?;
    let list = |name: &str| staking.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let known = list("validators");
    let mut voting = Vec::new();
    for last in list("last_validator_powers") {
        let validator = known.iter().find(|validator| validator["operator_address"] == last["address"]);
        let validator = validator.with_context(|| format!("validator {} is unknown", last["address"]))?;
        let key = PublicKey::from_json(&validator["consensus_pubkey"])?;
        let kind = match key {
            PublicKey::Ed25519(_) => "tendermint/PubKeyEd25519",
            PublicKey::Secp256k1(_) => "tendermint/PubKeySecp256k1",
            PublicKey::Multisig { .. } => bail!("a multisig cannot be a consensus key"),
        };
        voting.push(json!({
            "address": hex::encode_upper(key.address().as_bytes()),
            "pub_key": { "type": kind, "value": validator["consensus_pubkey"]["key"] },
            "power": last["power"],
            "name": validator["description"]["moniker"],
        }));
    }
    Ok(voting)
}
