//! `comet bootstrap-state`: CometBFT goes on from a state that came to this node without it, from a snapshot in a file.

use std::{path::PathBuf, process::Command as Process};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use iz_store::Pruning;

use crate::{
    run::{application::open_store, child, converted_genesis},
    setup::Setup,
};

#[derive(Args)]
pub struct BootstrapState {
    /// Height of the state; there is one only, so this is a check [default: that height]
    #[arg(long, default_value_t = 0)]
    height: u64,
    /// The CometBFT binary, which has to be ours [default: as for start]
    #[arg(long)]
    cometbft: Option<PathBuf>,
}

impl BootstrapState {
    /// The light client's app hash has to be that of the state here: a snapshot of another chain, or a false one, is found out now and
    /// not by the first block.
    pub fn run(&self, setup: &Setup) -> Result<()> {
        let store = open_store(setup, Pruning::Nothing, false)?;
        let (height, app_hash) = (store.version(), hex::encode_upper(store.app_hash()));
        if height == 0 {
            bail!("this node has no state yet; bring it one with snapshots load and snapshots restore");
        }
        if self.height != 0 && self.height != height {
            bail!("the state here is that of height {height}: CometBFT cannot go on from {}", self.height);
        }
        let program = child::find(self.cometbft.as_deref())?;
        let mut command = Process::new(&program);
        command.arg("bootstrap-state").arg("--home").arg(&setup.home);
        command.arg(format!("--height={height}")).arg(format!("--app-hash={app_hash}"));
        child::pass_settings(&mut command, &converted_genesis(setup)?);
        let output = command.output().with_context(|| format!("cannot run {}", program.display()))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            if said.contains("unknown command") {
                bail!(
                    "{} is CometBFT without this command; name ours (iz-cometbft, from scripts/setup consensus) with --cometbft",
                    program.display()
                );
            }
            // after its reason it explains the command
            let reason = said.split("\nUsage:").next().unwrap_or_default().trim();
            bail!("CometBFT does not go on from height {height}: {}", reason.trim_start_matches("Error: "));
        }
        say!("CometBFT goes on from height {height}, app hash {app_hash}");
        Ok(())
    }
}
