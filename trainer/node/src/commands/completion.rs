//! `completion`: what a shell needs to complete commands and options.

use std::io::Write as _;

use anyhow::Result;
use clap::CommandFactory as _;
use clap_complete::{Shell, generate};

use crate::cli::Cli;

pub fn run(shell: Shell) -> Result<()> {
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "iz-trainer", &mut script);
    // a reader that is gone is no reason to fail
    let _ = std::io::stdout().lock().write_all(&script);
    Ok(())
}
