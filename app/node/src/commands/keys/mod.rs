//! `keys`: the keyring from the command line.

mod add;
mod carry;
mod output;
mod parse;
mod show;

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use sha2::{Digest as _, Sha256};

use crate::{
    config::{FileKind, Values},
    keyring::{Backend, Keyring, Kind, generate_mnemonic, mnemonic_of},
    prompt,
    setup::Setup,
};
use output::{Format, Shown};

/// How the keyring is opened: shared with the commands of the genesis.
#[derive(Args, Clone, Default)]
pub struct KeyringFlags {
    /// Where keys are kept (file or test) [default: keyring-backend of client.toml]
    #[arg(long, global = true)]
    pub keyring_backend: Option<String>,
    /// Folder of the keyring [default: the home folder]
    #[arg(long, global = true)]
    pub keyring_dir: Option<PathBuf>,
}

impl KeyringFlags {
    pub fn open(&self, setup: &Setup) -> Result<Keyring> {
        let backend = match &self.keyring_backend {
            Some(name) => name.clone(),
            None => client(setup)?.text("keyring-backend"),
        };
        let folder = self.keyring_dir.clone().unwrap_or_else(|| setup.home.clone());
        Keyring::open(Backend::parse(&backend)?, &folder)
    }
}

fn client(setup: &Setup) -> Result<Values> {
    Values::load(FileKind::Client.entries(), &FileKind::Client.path(setup), &Default::default())
}

#[derive(Args)]
pub struct Keys {
    #[command(flatten)]
    keyring: KeyringFlags,
    /// Form of the answer (text or json) [default: output of client.toml]
    #[arg(long, short, global = true)]
    output: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Add a key, new or from a mnemonic, or a public key or multisig
    Add(add::Add),
    /// Remove keys
    Delete {
        #[arg(required = true)]
        names: Vec<String>,
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
        /// Accepted for the SDK's sake
        #[arg(long, short)]
        force: bool,
    },
    /// Print a private key, encrypted with a passphrase
    Export(carry::Export),
    /// Add a private key that was exported
    Import {
        name: String,
        /// File with the exported key
        file: PathBuf,
    },
    /// Add a private key given in hex
    ImportHex(carry::ImportHex),
    /// List all keys
    List {
        /// Names only
        #[arg(long, short = 'n')]
        list_names: bool,
    },
    /// List the kinds of keys that can be made
    ListKeyTypes,
    /// Check that all keys are in the form of today
    Migrate,
    /// Print a mnemonic
    Mnemonic {
        /// Make it from text that is asked for, and not from the system's entropy
        #[arg(long)]
        unsafe_entropy: bool,
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
    },
    /// Turn an address from hex to bech32, or back
    Parse {
        /// In hex or bech32
        address: String,
    },
    /// Give a key another name
    Rename {
        old_name: String,
        new_name: String,
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
    },
    /// Print a key by its name or address, or the multisig of several
    Show(show::Show),
}

impl Keys {
    pub fn run(&self, setup: &Setup) -> Result<()> {
        let output = match &self.output {
            Some(name) => name.clone(),
            None => client(setup)?.text("output"),
        };
        let format = Format::parse(&output)?;
        let open = || self.keyring.open(setup);
        match &self.command {
            Command::Add(add) => add.run(setup, &open()?, format),
            Command::Delete { names, yes, .. } => delete(&open()?, names, *yes),
            Command::Export(export) => export.run(&open()?),
            Command::Import { name, file } => carry::import(&open()?, name, file),
            Command::ImportHex(import) => import.run(&open()?),
            Command::List { list_names } => list(setup, &open()?, *list_names, format),
            Command::ListKeyTypes => {
                say!("Supported key types/algos:\n\"secp256k1\"");
                Ok(())
            }
            Command::Migrate => {
                open()?.check()?;
                say!("Keys migration has been successfully executed.");
                Ok(())
            }
            Command::Mnemonic { unsafe_entropy, yes } => mnemonic(*unsafe_entropy, *yes),
            Command::Parse { address } => parse::run(setup, address, format),
            Command::Rename { old_name, new_name, yes } => rename(&open()?, old_name, new_name, *yes),
            Command::Show(show) => show.run(setup, &open()?, format, self.output.is_some()),
        }
    }
}

/// A name must have something that can be seen.
fn check_name(name: &str) -> Result<()> {
    if name.trim().is_empty() {
        bail!("the provided name is invalid or empty after trimming whitespace");
    }
    Ok(())
}

fn list(setup: &Setup, keyring: &Keyring, names_only: bool, format: Format) -> Result<()> {
    let records = keyring.list()?;
    if records.is_empty() && format == Format::Text {
        say!("No records were found in keyring");
        return Ok(());
    }
    if names_only {
        for record in &records {
            say!("{}", record.name());
        }
        return Ok(());
    }
    let shown = records.iter().map(|record| Shown::account(record, setup)).collect::<Result<Vec<_>>>()?;
    output::print_list(&shown, format)
}

fn delete(keyring: &Keyring, names: &[String], yes: bool) -> Result<()> {
    for name in names {
        let Some(record) = keyring.find(name)? else {
            eprintln!("key {name} not found");
            continue;
        };
        if !yes && !prompt::confirm("Key reference will be deleted. Continue?")? {
            continue;
        }
        keyring.delete(name)?;
        match record.kind() {
            Kind::Ledger | Kind::Offline => eprintln!("Public key reference deleted"),
            Kind::Local | Kind::Multi => eprintln!("Key deleted forever (uh oh!)"),
        }
    }
    Ok(())
}

fn rename(keyring: &Keyring, old: &str, new: &str, yes: bool) -> Result<()> {
    if new.trim().is_empty() {
        bail!("the new name cannot be empty or consist solely of whitespace");
    }
    keyring.key(old)?;
    let question = format!("Key reference will be renamed from {old} to {new}. Continue?");
    if !yes && !prompt::confirm(&question)? {
        return Ok(());
    }
    keyring.rename(old, new)?;
    eprintln!("Key was successfully renamed from {old} to {new}");
    Ok(())
}

fn mnemonic(unsafe_entropy: bool, yes: bool) -> Result<()> {
    if !unsafe_entropy {
        say!("{}", generate_mnemonic()?.as_str());
        return Ok(());
    }
    let given = prompt::text("WARNING: Generate at least 256-bits of entropy and enter the results here:")?;
    if given.len() < 43 {
        bail!(
            "256-bits is 43 characters in Base-64, and 100 in Base-6. You entered {}, and probably want more",
            given.len()
        );
    }
    if !yes && !prompt::confirm(&format!("> Input length: {}", given.len()))? {
        return Ok(());
    }
    say!("{}", mnemonic_of(&Sha256::digest(given.as_bytes()))?.as_str());
    Ok(())
}
