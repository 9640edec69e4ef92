//! One file a command.

mod bench;
mod budget;
mod completion;
mod data;
mod export;
mod init;
mod join;
mod models;
mod serve;
mod status;
mod train;

use anyhow::{Context as _, Result};
use tracing_subscriber::EnvFilter;

use crate::cli::{Cli, Command};
use crate::config::Config;
use crate::context::Context;
use crate::home::Home;
use crate::learner::Kind;
use crate::say::Say;

pub fn run(cli: Cli, say: Say, kinds: &'static [&'static dyn Kind]) -> Result<()> {
    if let Command::Completion { shell } = cli.command {
        return completion::run(shell);
    }
    let folder = match cli.home {
        Some(folder) => folder,
        None => std::env::home_dir().context("there is no home folder; say --home")?.join(".iz-trainer"),
    };
    let home = Home::new(folder);
    if let Command::Init(arguments) = &cli.command {
        return init::run(&home, &say, arguments);
    }
    let config = Config::read(&home.config())?;
    // logs go to standard error, answers to standard output
    let filter = EnvFilter::try_new(&config.log.level).context("log.level")?;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let context = Context { home, config, say, kinds };
    match &cli.command {
        Command::Init(_) | Command::Completion { .. } => Ok(()),
        Command::Join(arguments) => join::run(&context, arguments),
        Command::Status => status::run(&context),
        Command::Bench(arguments) => bench::run(&context, arguments),
        Command::Train(arguments) => train::run(&context, arguments),
        Command::Serve(arguments) => serve::run(&context, arguments),
        Command::Models(arguments) => models::run(&context, arguments),
        Command::Data => data::run(&context),
        Command::Budget => budget::run(&context),
        Command::Export(arguments) => export::run(&context, arguments),
    }
}
