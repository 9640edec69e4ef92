//! The commands, a file each.

pub mod comet;
pub mod config;
pub mod genesis;
pub mod init;
pub mod keys;
pub mod version;

use anyhow::Result;

use crate::{
    cli::{Cli, Command},
    setup::Setup,
};

pub fn run(cli: Cli) -> Result<()> {
    let setup = Setup::new(&cli.globals)?;
    match cli.command {
        Command::Init(init) => init.run(&setup),
        Command::Genesis(command) => command.run(&setup),
        Command::Keys(keys) => keys.run(&setup),
        Command::Comet(command) => command.run(&setup),
        Command::Config(command) => command.run(&setup),
        Command::Version(version) => version.run(),
    }
}
