//! The command line: the tree of commands and what holds for all of them.

use std::{ffi::OsString, path::PathBuf};

use anyhow::Result;
use clap::{
    ArgAction, Args, Command as ClapCommand, CommandFactory as _, FromArgMatches as _, Parser, Subcommand,
};

use crate::commands;

#[derive(Parser)]
#[command(
    name = "izd",
    about = "The node of InfiniteZero and its operator's tools",
    disable_version_flag = true,
    args_override_self = true
)]
pub struct Cli {
    #[command(flatten)]
    pub globals: Globals,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Args, Clone)]
pub struct Globals {
    /// Folder of configuration and data [default: $IZD_HOME, else ~/.izd]
    #[arg(long, global = true)]
    pub home: Option<String>,
    /// Prefix of addresses [default: $IZD_BECH32_PREFIX, else iz]
    #[arg(long, global = true)]
    pub bech32_prefix: Option<String>,
    /// Denomination of stakes and fees in a new genesis [default: $IZD_DEFAULT_DENOM, else uiz]
    #[arg(long, global = true)]
    pub default_denom: Option<String>,
    /// Log level (trace, debug, info, warn, error, none), or levels by module: "abci:debug,*:error"
    #[arg(long = "log_level", global = true)]
    pub log_level: Option<String>,
    /// Log format (plain or json)
    #[arg(long = "log_format", global = true)]
    pub log_format: Option<String>,
    /// Logs without colours
    #[arg(long = "log_no_color", global = true)]
    pub log_no_color: bool,
    /// Errors with their origin
    #[arg(long, global = true)]
    pub trace: bool,
}

#[derive(Subcommand)]
pub enum Command {
    /// Make keys, settings and the genesis of a new node
    Init(commands::init::Init),
    /// Work on the genesis
    #[command(subcommand)]
    Genesis(commands::genesis::Command),
    /// Manage keys
    Keys(commands::keys::Keys),
    /// Run the node
    Start(Box<commands::start::Start>),
    /// Look at and reset what CometBFT keeps
    #[command(subcommand, visible_aliases = ["cometbft", "tendermint"])]
    Comet(commands::comet::Command),
    /// Ask a running node how it is
    Status(commands::status::Status),
    /// Print the state as the genesis of a new chain
    Export(commands::export::Export),
    /// Make networks for tests
    #[command(subcommand)]
    Testnet(commands::testnet::Command),
    /// Print the root of each store at a height
    ModuleHashByHeight(commands::maintenance::ModuleHash),
    /// Drop old states
    Prune(commands::maintenance::Prune),
    /// Go one height back
    Rollback(commands::maintenance::Rollback),
    /// Manage local snapshots
    #[command(subcommand)]
    Snapshots(commands::snapshots::Command),
    /// Look at addresses and keys
    #[command(subcommand)]
    Debug(commands::debug::Command),
    /// Look at and change settings
    #[command(subcommand)]
    Config(commands::config::Command),
    /// Print the version
    Version(commands::version::Version),
    /// Print what completes commands in a shell
    Completion(commands::completion::Completion),
    /// Become a program that ends with its parent: how the node starts CometBFT
    #[command(name = crate::run::child::BOUND, hide = true)]
    RunBound {
        parent: u32,
        program: PathBuf,
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
}

/// The whole tree, as it is parsed.
pub fn tree() -> ClapCommand {
    go_booleans(Cli::command())
}

/// Reads the command line; a wrong one ends the process with a message, as `--help` does.
pub fn parse() -> Result<Cli> {
    let matches = match tree().try_get_matches() {
        Ok(matches) => matches,
        Err(error) if error.use_stderr() => {
            // one exit code for every failure, as the SDK's commands have
            let _ = error.print();
            std::process::exit(1);
        }
        Err(error) => error.exit(),
    };
    Ok(Cli::from_arg_matches(&matches)?)
}

/// Lets `--flag=false` stand beside `--flag`, as in Go.
fn go_booleans(command: ClapCommand) -> ClapCommand {
    command
        .mut_args(|argument| {
            if matches!(argument.get_action(), ArgAction::SetTrue) {
                argument
                    .action(ArgAction::Set)
                    .num_args(0..=1)
                    .require_equals(true)
                    .default_missing_value("true")
                    .default_value("false")
                    .hide_default_value(true)
                    .hide_possible_values(true)
            } else {
                argument
            }
        })
        .mut_subcommands(go_booleans)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_tree_is_consistent() {
        tree().debug_assert();
    }

    #[test]
    fn an_unknown_flag_fails() {
        let command = tree();
        assert!(command.clone().try_get_matches_from(["izd", "version", "--bogus"]).is_err());
        assert!(command.try_get_matches_from(["izd", "version", "--long=false"]).is_ok());
    }
}
