//! The commands, a file each.

pub mod bootstrap;
pub mod comet;
pub mod completion;
pub mod config;
pub mod debug;
pub mod export;
pub mod genesis;
pub mod init;
pub mod keys;
pub mod maintenance;
pub mod snapshots;
pub mod start;
pub mod status;
pub mod testnet;
pub mod version;

use anyhow::Result;

use crate::{
    cli::{Cli, Command},
    run::child,
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
        Command::Status(status) => status.run(&setup),
        Command::Export(export) => export.run(&setup),
        Command::Testnet(command) => command.run(&setup),
        Command::ModuleHashByHeight(command) => command.run(&setup),
        Command::Prune(prune) => prune.run(&setup),
        Command::Rollback(rollback) => rollback.run(&setup),
        Command::Snapshots(command) => command.run(&setup),
        Command::Debug(command) => command.run(&setup),
        Command::Start(start) => start.run(&setup, &cli.globals),
        Command::Version(version) => version.run(),
        Command::Completion(completion) => completion.run(),
        Command::RunBound { parent, program, arguments } => child::become_bound(parent, &program, &arguments),
    }
}
