//! `genesis migrate`. The SDK's migrations lead from 0.42 to 0.47; no chain of this binary is that old, so there is nothing that they could
//! change here: wasmd's end in a panic on its own genesis. What the command line says before that is the same.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;

use crate::genesis::Genesis;

/// The versions to which the SDK has migrations.
const VERSIONS: [&str; 3] = ["v0.43", "v0.46", "v0.47"];

#[derive(Args)]
pub struct Migrate {
    target_version: String,
    genesis_file: PathBuf,
}

impl Migrate {
    pub fn run(&self) -> Result<()> {
        let target = &self.target_version;
        if !VERSIONS.contains(&&**target) {
            let known = VERSIONS.join(", ");
            bail!("unknown migration function for version: {target} (supported versions {known})");
        }
        let mut genesis = Genesis::load(&self.genesis_file)?;
        genesis.validate_and_complete()?;
        bail!(
            "failed to migrate genesis state: the states that this binary reads are newer than {target}; use the \
             genesis as it is (`izd genesis validate` checks it)"
        )
    }
}
