//! `genesis validate`: the checks of the file and of every module.

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::{
    genesis::{Genesis, state},
    setup::Setup,
};

pub fn run(setup: &Setup, file: Option<&Path>) -> Result<()> {
    let own = setup.config("genesis.json");
    let file = file.unwrap_or(&own);
    let mut genesis = Genesis::load(file)?;
    let about = || format!("error validating genesis file {}", file.display());
    genesis.validate_and_complete().with_context(about)?;
    state::validate(setup, &genesis.state().with_context(about)?).with_context(about)?;
    say!("File at {} is a valid genesis file", file.display());
    Ok(())
}
