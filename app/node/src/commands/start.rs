//! `start`: the flags of the node; what runs is in [`crate::run`].

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::Result;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches};

use crate::{
    cli::Globals,
    config::{Kind, app, comet},
    run,
    setup::Setup,
};

#[derive(Args)]
pub struct Start {
    /// Run CometBFT too; --with-comet=false serves ABCI to one that runs elsewhere
    #[arg(
        long,
        alias = "with-tendermint",
        action = ArgAction::Set,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        default_value_t = true
    )]
    pub with_comet: bool,
    /// Transport of ABCI without CometBFT: socket
    #[arg(long, default_value = "socket")]
    pub transport: String,
    /// Where ABCI is served without CometBFT
    #[arg(long, default_value = "tcp://0.0.0.0:26658")]
    pub address: String,
    /// The CometBFT binary [default: $IZD_COMETBFT, else on the PATH, else in the cache folder]
    #[arg(long)]
    pub cometbft: Option<PathBuf>,
    /// Where metrics for Prometheus are served; empty for nowhere
    #[arg(long = "metrics.address", default_value = "")]
    pub metrics_address: String,
    /// Seconds that CometBFT may take to end
    #[arg(long = "shutdown-grace", default_value = "10s")]
    pub shutdown_grace: String,
    /// Hash that the genesis must have, in hex
    #[arg(long = "genesis_hash")]
    pub genesis_hash: Option<String>,
    /// Serve queries only
    #[arg(long)]
    pub grpc_only: bool,
    #[command(flatten)]
    pub settings: SettingFlags,
}

impl Start {
    pub fn run(self, setup: &Setup, globals: &Globals) -> Result<()> {
        run::run(setup, globals, &self)
    }
}

/// A flag for each setting of `app.toml`, and for those of `config.toml` that CometBFT takes as flags.
#[derive(Default)]
pub struct SettingFlags {
    /// Of the application, by the setting's name.
    pub app: BTreeMap<String, String>,
    /// Of CometBFT, as its own command line names them.
    pub comet: BTreeMap<String, String>,
}

fn argument(name: String, kind: Kind, help: &str) -> Arg {
    let help = help.lines().next().unwrap_or_default().to_owned();
    let argument = Arg::new(name.clone()).long(name).help(help).action(ArgAction::Set).value_name("VALUE");
    match kind {
        Kind::Bool => argument.num_args(0..=1).require_equals(true).default_missing_value("true"),
        Kind::Integer => argument.allow_negative_numbers(true),
        Kind::Text | Kind::Other => argument,
    }
}

impl Args for SettingFlags {
    fn augment_args(mut command: Command) -> Command {
        for entry in app::ENTRIES {
            command = command.arg(argument(entry.path(), entry.kind, entry.note));
        }
        for (name, kind, note) in app::FLAGS_ONLY {
            command = command.arg(argument((*name).to_owned(), *kind, note));
        }
        for name in comet::FLAGS {
            let path = name.replace("external-address", "external_address");
            let entry = comet::ENTRIES.iter().find(|entry| entry.path() == path);
            let (kind, note) = entry.map_or((Kind::Text, ""), |entry| (entry.kind, entry.note));
            command = command.arg(argument((*name).to_owned(), kind, note));
        }
        command
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for SettingFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut flags = Self::default();
        flags.update_from_arg_matches(matches)?;
        Ok(flags)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        let given = |name: &str| matches.get_one::<String>(name).cloned();
        for entry in app::ENTRIES {
            if let Some(value) = given(&entry.path()) {
                self.app.insert(entry.path(), value);
            }
        }
        for (name, ..) in app::FLAGS_ONLY {
            if let Some(value) = given(name) {
                self.app.insert((*name).to_owned(), value);
            }
        }
        for name in comet::FLAGS {
            if let Some(value) = given(name) {
                self.comet.insert((*name).to_owned(), value);
            }
        }
        Ok(())
    }
}
