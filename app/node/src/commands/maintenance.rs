//! `module-hash-by-height`, `prune` and `rollback`: work on the state of a node that is not running.

use std::process::Command as Process;

use anyhow::{Context as _, Result, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use clap::Args;
use iz_store::{MultiStore, Pruning};
use serde_json::{Value, json};

use crate::{
    json::compact,
    run::{
        application::{open_store, store_folder},
        child,
    },
    setup::Setup,
};

#[derive(Args)]
pub struct ModuleHash {
    height: u64,
    /// text or json
    #[arg(long, short, default_value = "text")]
    output: String,
}

impl ModuleHash {
    /// The root of each store, in the form of the SDK: the base64 of its hex.
    pub fn run(&self, setup: &Setup) -> Result<()> {
        let store = open_store(setup, Pruning::Nothing, false)?;
        let snapshot = store.snapshot(self.height).context("no commit info found")?;
        let mut stores: Vec<_> = store.stores().collect();
        stores.sort_by_key(|store| store.name());
        let version = self.height.to_string();
        let mut infos = Vec::with_capacity(stores.len());
        for key in stores {
            let hash = STANDARD.encode(hex::encode_upper(snapshot.store_root(key)?));
            infos.push((key.name(), hash));
        }
        if self.output == "json" {
            let infos: Vec<Value> = infos
                .iter()
                .map(
                    |(name, hash)| json!({ "name": name, "commit_id": { "version": version, "hash": hash } }),
                )
                .collect();
            say!("{}", compact(&json!({ "version": version, "store_infos": infos }))?);
        } else {
            say!("store_infos:");
            for (name, hash) in infos {
                say!("- commit_id:\n    hash: {hash}\n    version: \"{version}\"\n  name: {name}");
            }
            say!("version: \"{version}\"");
        }
        Ok(())
    }
}

#[derive(Args)]
pub struct Rollback {
    /// Remove the last block too
    #[arg(long)]
    hard: bool,
    /// The CometBFT binary [default: as for start]
    #[arg(long)]
    cometbft: Option<std::path::PathBuf>,
}

impl Rollback {
    /// One height back: first CometBFT, which says to which height, then the state.
    pub fn run(&self, setup: &Setup) -> Result<()> {
        let mut command = Process::new(child::find(self.cometbft.as_deref())?);
        command.arg("rollback").arg("--home").arg(&setup.home);
        if self.hard {
            command.arg("--hard");
        }
        let output = command.output().context("cannot run cometbft rollback")?;
        let said =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let words: Vec<&str> = said.split_whitespace().collect();
        let after = |word: &str| {
            let place = words.iter().position(|candidate| *candidate == word)?;
            words.get(place + 1).copied()
        };
        let rolled = output.status.success().then(|| Some((after("height")?, after("hash")?))).flatten();
        let Some((height, hash)) = rolled else {
            bail!("failed to rollback CometBFT state: {}", said.trim())
        };
        let version: u64 =
            height.parse().with_context(|| format!("cometbft rollback said: {}", said.trim()))?;
        MultiStore::roll_back(&store_folder(setup), version).context("failed to rollback to version")?;
        say!("Rolled back state to height {version} and hash {hash}");
        Ok(())
    }
}

#[derive(Args)]
pub struct Prune {
    /// default, nothing, everything or custom
    #[arg(default_value = "default")]
    method: String,
    /// How many old states to keep, with custom
    #[arg(long, default_value_t = 0)]
    pruning_keep_recent: u64,
    /// For the check of custom only
    #[arg(long, default_value_t = 10)]
    pruning_interval: u64,
    /// Accepted for the SDK's sake: there is one engine
    #[arg(long)]
    app_db_backend: Option<String>,
}

impl Prune {
    /// Opening the state prunes it.
    pub fn run(&self, setup: &Setup) -> Result<()> {
        let pruning = match self.method.as_str() {
            "default" => Pruning::Default,
            "nothing" => Pruning::Nothing,
            "everything" => Pruning::Everything,
            "custom" => {
                Pruning::Custom { keep_recent: self.pruning_keep_recent, interval: self.pruning_interval }
            }
            other => bail!("unknown pruning strategy {other}; use default, nothing, everything or custom"),
        };
        pruning.validate()?;
        let store = open_store(setup, pruning, false)?;
        if store.version() == 0 {
            bail!("the database has no valid heights to prune, the latest height: 0");
        }
        say!("the oldest height kept is {} of {}", store.oldest_version(), store.version());
        say!("successfully pruned the application root multi stores");
        Ok(())
    }
}
