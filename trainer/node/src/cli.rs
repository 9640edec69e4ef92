//! The command tree.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::say::Format;

#[derive(Debug, Parser)]
#[command(
    name = "iz-trainer",
    version,
    about = "Trains on data that never leaves this device, takes part in rounds, serves what was published"
)]
pub struct Cli {
    /// Folder of settings, keys, journal, ledger and blobs.
    #[arg(long, global = true, env = "IZ_TRAINER_HOME", value_name = "FOLDER")]
    pub home: Option<PathBuf>,
    /// How answers are written: lines, or one JSON object a line.
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Makes a folder with commented settings and fresh keys.
    Init(Init),
    /// Registers this trainer's keys on chain, as a client or with --bond as a node.
    Join(Join),
    /// What the chain, the task and this trainer's account are doing.
    Status,
    /// Measures this machine; with --submit signs the result and posts it.
    Bench(Bench),
    /// Takes part in rounds until it is stopped.
    Train(Train),
    /// Serves predictions of a published model.
    Serve(Serve),
    /// Models of the task: first weights, what was published, a copy.
    #[command(subcommand)]
    Models(Models),
    /// What the data look like to the learner, and what is wrong with them.
    Data,
    /// What of the lifetime's privacy is spent.
    Budget,
    /// Writes a published model into a folder.
    Export(Export),
    /// Prints what completes commands in a shell.
    Completion {
        /// Whose script is printed.
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args)]
pub struct Init {
    /// A setting, as section.key=value; may come several times.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub changes: Vec<String>,
    /// Reads the account's words from standard input instead of drawing them.
    #[arg(long)]
    pub recover: bool,
}

#[derive(Debug, Args)]
pub struct Join {
    /// Bonds so much, such as 1000000uiz, and registers as a node.
    #[arg(long, value_name = "COINS")]
    pub bond: Option<String>,
}

#[derive(Debug, Args)]
pub struct Bench {
    /// Posts the signed result to the contract nodes.
    #[arg(long)]
    pub submit: bool,
    /// Seconds for each measurement.
    #[arg(long, default_value_t = 2)]
    pub seconds: u64,
}

#[derive(Debug, Args)]
pub struct Train {
    /// Ends after so many rounds, whatever the settings say.
    #[arg(long)]
    pub rounds: Option<u64>,
}

#[derive(Debug, Args)]
pub struct Serve {
    /// Folder of an exported model; else the task's last final one is fetched.
    #[arg(long, value_name = "FOLDER")]
    pub model: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum Models {
    /// Makes the first weights of a task from the settings, keeps them as a blob and writes the recipe.
    New {
        /// Name of the model.
        #[arg(long)]
        name: String,
        /// Licence that models are published under.
        #[arg(long, default_value = "CC-BY-4.0")]
        license: String,
        /// Other fields of the recipe, as JSON that is merged into it.
        #[arg(long, default_value = "{}")]
        recipe: String,
    },
    /// The task's final rounds and their models.
    List,
}

#[derive(Debug, Args)]
pub struct Export {
    /// Where to.
    pub folder: PathBuf,
    /// Digest of the manifest; else the task's last final model.
    #[arg(long)]
    pub manifest: Option<String>,
    /// Writes model.onnx beside it, by the learner of the settings.
    #[arg(long)]
    pub onnx: bool,
    /// Takes these weights instead of a published model, and asks no chain.
    #[arg(long, value_name = "FILE", requires = "onnx", conflicts_with = "manifest")]
    pub weights: Option<PathBuf>,
}
