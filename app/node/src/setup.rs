//! What every command knows: the home folder, how addresses are written, and what the default denomination is.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use iz_core::AddressCodec;

use crate::cli::Globals;

/// Prefix of the environment variables that stand for flags: `IZD_HOME` for `--home`.
pub const ENVIRONMENT: &str = "IZD";
const DEFAULT_PREFIX: &str = "iz";
const DEFAULT_DENOM: &str = "uiz";

pub struct Setup {
    pub home: PathBuf,
    pub addresses: AddressCodec,
    pub default_denom: String,
}

impl Setup {
    pub fn new(globals: &Globals) -> Result<Self> {
        let home = match given(globals.home.as_deref(), "home") {
            Some(home) => PathBuf::from(home),
            None => PathBuf::from(
                env::var("HOME").context("neither --home nor $HOME says where izd's files are")?,
            )
            .join(".izd"),
        };
        let prefix = given(globals.bech32_prefix.as_deref(), "bech32-prefix");
        let prefix = prefix.unwrap_or_else(|| DEFAULT_PREFIX.to_owned());
        let addresses = AddressCodec::new(&prefix).map_err(|error| {
            anyhow::anyhow!("--bech32-prefix: {error}; use lower-case letters, as in \"iz\"")
        })?;
        let default_denom = given(globals.default_denom.as_deref(), "default-denom");
        let default_denom = default_denom.unwrap_or_else(|| DEFAULT_DENOM.to_owned());
        iz_core::coin::validate_denom(&default_denom)
            .map_err(|error| anyhow::anyhow!("--default-denom: {error}"))?;
        Ok(Self { home, addresses, default_denom })
    }

    pub fn config(&self, file: &str) -> PathBuf {
        self.home.join("config").join(file)
    }

    pub fn data(&self) -> PathBuf {
        self.home.join("data")
    }
}

/// A flag, or else its environment variable.
fn given(flag: Option<&str>, name: &str) -> Option<String> {
    flag.map(str::to_owned).or_else(|| environment(name))
}

/// The environment variable that stands for a flag: `IZD_API_ENABLE` for `api.enable`.
pub fn environment(name: &str) -> Option<String> {
    let name: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
    env::var(format!("{ENVIRONMENT}_{name}")).ok().filter(|value| !value.is_empty())
}

/// Writes a file that only its owner may read.
pub fn write_private(path: &Path, contents: &[u8]) -> Result<()> {
    write_mode(path, contents, 0o600)
}

/// Writes a file that everyone may read.
pub fn write_public(path: &Path, contents: &[u8]) -> Result<()> {
    write_mode(path, contents, 0o644)
}

fn write_mode(path: &Path, contents: &[u8], mode: u32) -> Result<()> {
    use std::{io::Write as _, os::unix::fs::OpenOptionsExt as _};
    let write = || {
        let mut file =
            fs::OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(path)?;
        file.write_all(contents)
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

/// Makes a folder and those above it.
pub fn make_folder(path: &Path, mode: u32) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(mode)
        .create(path)
        .with_context(|| format!("cannot make the folder {}", path.display()))
}
