//! The sidecar as a library, so that another build can add kinds of learners to the same commands.

#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "a sidecar waits, draws keys and looks at the clock; nothing here is consensus code"
)]

mod aggregator;
mod beacon;
mod board;
mod cli;
mod commands;
mod config;
mod context;
mod data;
mod events;
mod home;
mod keys;
mod learner;
mod machine;
mod metrics;
mod predictor;
mod say;
mod table;

use std::process::ExitCode;

use clap::Parser as _;

pub use board::ChainBoard;
pub use config::Config;
pub use data::{Dataset, Example};
pub use home::Home;
pub use learner::{Dense, Hook, Kind, Torch};

/// Runs the command line with these kinds of learners.
pub fn main(kinds: &'static [&'static dyn Kind]) -> ExitCode {
    let cli = cli::Cli::parse();
    let say = say::Say::new(cli.format);
    match commands::run(cli, say, kinds) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("iz-trainer: {error:#}");
            ExitCode::FAILURE
        }
    }
}
