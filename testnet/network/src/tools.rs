//! The programs that a network is made of, and room on the disk.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, Result, bail};

/// A fresh network with a day's blocks fits into it.
const ROOM: u64 = 1 << 30;

#[derive(Clone, Debug)]
pub struct Tools {
    pub izd: PathBuf,
    /// With a clock that can be set forward, or as it is released.
    pub cometbft: PathBuf,
    /// `iz-network` itself, which serves the contracts' metrics as a process of its own.
    pub network: PathBuf,
    /// The sidecar; needed where there are contracts.
    pub trainer: PathBuf,
}

impl Tools {
    /// Whether all is there before anything is begun; the sidecar only where it is asked for.
    pub fn check(&self, trainer: bool) -> Result<()> {
        let programs = [("izd", &self.izd), ("CometBFT", &self.cometbft), ("iz-trainer", &self.trainer)];
        for (name, file) in programs.into_iter().take(if trainer { 3 } else { 2 }) {
            if !file.is_file() {
                bail!("there is no {name} at {}: scripts/start builds what is missing", file.display());
            }
        }
        Ok(())
    }

    pub fn izd(&self, arguments: &[&str], home: &Path) -> Result<Output> {
        let done = Command::new(&self.izd)
            .args(arguments)
            .arg("--home")
            .arg(home)
            .output()
            .with_context(|| format!("cannot run {}", self.izd.display()))?;
        if !done.status.success() {
            bail!("izd {}: {}", arguments.join(" "), String::from_utf8_lossy(&done.stderr).trim());
        }
        Ok(done)
    }
}

/// Refuses to begin what would end with a full disk.
pub fn room(folder: &Path) -> Result<()> {
    let mut existing = folder;
    while !existing.exists() {
        match existing.parent() {
            Some(parent) if parent != Path::new("") => existing = parent,
            _ => existing = Path::new("."),
        }
    }
    let found = rustix::fs::statvfs(existing)
        .with_context(|| format!("cannot look at the disk of {}", existing.display()))?;
    enough(found.f_bavail.saturating_mul(found.f_frsize), folder)
}

fn enough(free: u64, folder: &Path) -> Result<()> {
    if free < ROOM {
        bail!(
            "only {} MiB are free where {} lies, and a network wants {}: make room, or name another folder with --home",
            free >> 20,
            folder.display(),
            ROOM >> 20
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_full_disk_is_noticed_before_anything_is_written() {
        let folder = Path::new("/somewhere");
        assert!(enough(ROOM - 1, folder).unwrap_err().to_string().contains("make room"));
        assert!(enough(ROOM, folder).is_ok());
    }

    #[test]
    fn missing_programs_are_named() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        let tools = Tools {
            izd: at("izd"),
            cometbft: at("cometbft"),
            network: at("iz-network"),
            trainer: at("iz-trainer"),
        };
        assert!(tools.check(true).unwrap_err().to_string().contains("there is no izd"));
        std::fs::write(&tools.izd, "").unwrap();
        assert!(tools.check(true).unwrap_err().to_string().contains("there is no CometBFT"));
        std::fs::write(&tools.cometbft, "").unwrap();
        assert!(tools.check(true).unwrap_err().to_string().contains("there is no iz-trainer"));
        tools.check(false).unwrap();
    }
}
