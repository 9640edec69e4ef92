//! The folder of one trainer: settings, secrets, journal, ledger, blobs.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use zeroize::Zeroizing;

pub struct Home(PathBuf);

impl Home {
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A path of the settings: as it is, or in this folder.
    pub fn join(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }

    pub fn config(&self) -> PathBuf {
        self.join("config.toml")
    }

    pub fn budget(&self) -> PathBuf {
        self.join("budget")
    }

    pub fn read_secret(&self, name: &str) -> Result<Zeroizing<String>> {
        let path = self.join(name);
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        Ok(Zeroizing::new(text))
    }

    /// Only the owner may read it. One that is there already is not replaced.
    pub fn write_secret(&self, name: &str, text: &str) -> Result<()> {
        let path = self.join(name);
        let write = || {
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()
        };
        write().with_context(|| path.display().to_string())
    }
}
