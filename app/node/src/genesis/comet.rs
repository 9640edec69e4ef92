//! The genesis in the form that a CometBFT process reads: parameters and validators on top, the height as text.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use serde::Serialize;
use serde_json::{Value, value::RawValue};

use super::Genesis;
use crate::{json::compact, setup::write_private};

#[derive(Serialize)]
struct Document<'g> {
    genesis_time: &'g str,
    chain_id: &'g str,
    initial_height: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    consensus_params: Option<&'g Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    validators: Option<&'g Vec<Value>>,
    app_hash: String,
    app_state: &'g RawValue,
}

/// The text CometBFT reads.
pub fn convert(genesis: &Genesis) -> Result<String> {
    compact(&Document {
        genesis_time: &genesis.genesis_time,
        chain_id: &genesis.chain_id,
        initial_height: genesis.initial_height.to_string(),
        consensus_params: genesis.consensus.params.as_ref(),
        validators: genesis.consensus.validators.as_ref(),
        app_hash: hex::encode_upper(genesis.app_hash_bytes()?),
        app_state: &genesis.app_state,
    })
}

/// Converts `from` to `to`, unless it was done after the last change of `from`.
pub fn convert_file(from: &Path, to: &Path) -> Result<()> {
    let changed = |path: &Path| fs::metadata(path).and_then(|about| about.modified());
    let source =
        changed(from).with_context(|| format!("cannot read {}; `izd init` makes it", from.display()))?;
    if changed(to).is_ok_and(|done| done > source) {
        return Ok(());
    }
    let mut genesis = Genesis::load(from)?;
    // a genesis without a time would get another one at every conversion
    anyhow::ensure!(
        !genesis.genesis_time.starts_with("0001-"),
        "{} has no genesis_time; all nodes need the same: set it",
        from.display()
    );
    genesis.validate_and_complete()?;
    // whole or not at all: a file cut short would look finished
    let unfinished = to.with_extension("unfinished");
    write_private(&unfinished, convert(&genesis)?.as_bytes())?;
    fs::rename(&unfinished, to).with_context(|| format!("cannot write {}", to.display()))
}
