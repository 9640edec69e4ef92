//! `izd`: the node and its operator's tools in one binary.

#![allow(
    clippy::disallowed_methods,
    reason = "keys are made of randomness, and no consensus code is in this crate"
)]

#[macro_use]
mod say;

mod cli;
mod coins;
mod commands;
mod config;
mod genesis;
mod identity;
mod json;
mod keyring;
mod memory;
mod modules;
mod prompt;
mod run;
mod setup;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::parse().and_then(commands::run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
