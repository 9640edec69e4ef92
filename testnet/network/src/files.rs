//! The folder of a network, and `network.json` in it: what everything else reads.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::trainers::Trainer;

/// Of `network.json` and of how the folder is laid out.
pub const FORMAT: u32 = 2;

/// A node's addresses and folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validator {
    pub name: String,
    pub home: PathBuf,
    pub rpc: String,
    pub grpc: String,
    pub rest: String,
    pub p2p: String,
    /// Where Prometheus finds the application's metrics, and CometBFT's.
    pub metrics: String,
    pub consensus_metrics: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub address: String,
    /// The private key in hexadecimal.
    pub key_file: PathBuf,
    pub mnemonic_file: PathBuf,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    pub id: u64,
    /// SHA-256 of the Wasm file.
    pub checksum: String,
}

/// What a network is. Of keys it names files only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    pub format: u32,
    pub chain_id: String,
    pub prefix: String,
    /// What is staked and pays fees.
    pub denom: String,
    /// The bank's denomination that stands for dollars.
    pub settlement: String,
    pub gas_price: String,
    pub rpc: String,
    pub grpc: String,
    pub rest: String,
    pub validators: Vec<Validator>,
    /// Where Prometheus finds the contracts' metrics, and rounds the beacon's values (`/public/<number>`).
    pub contract_metrics: String,
    /// Where blobs of rounds are kept, and where a published model is served.
    pub blobs: String,
    pub predictions: String,
    pub trainers: Vec<Trainer>,
    pub accounts: BTreeMap<String, Account>,
    pub codes: BTreeMap<String, Code>,
    /// Addresses, by name of the contract.
    pub contracts: BTreeMap<String, String>,
    /// The file whose seconds the clock is ahead; none if the clock is the machine's.
    pub clock: Option<PathBuf>,
    /// The private key of the beacon that draws committees, in hexadecimal.
    pub beacon_key_file: PathBuf,
    /// Whether the contracts are all there and wired.
    pub complete: bool,
}

impl Network {
    pub fn account(&self, name: &str) -> Result<&Account> {
        self.accounts.get(name).with_context(|| format!("the network has no account {name}"))
    }

    pub fn contract(&self, name: &str) -> Result<&str> {
        self.contracts
            .get(name)
            .map(String::as_str)
            .with_context(|| format!("the network has no contract {name}"))
    }
}

/// The folder and the places in it.
#[derive(Clone, Debug)]
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn network(&self) -> PathBuf {
        self.0.join("network.json")
    }

    pub fn processes(&self) -> PathBuf {
        self.0.join("processes.json")
    }

    pub fn nodes(&self) -> PathBuf {
        self.0.join("nodes")
    }

    pub fn accounts(&self) -> PathBuf {
        self.0.join("accounts")
    }

    pub fn trainers(&self) -> PathBuf {
        self.0.join("trainers")
    }

    pub fn logs(&self) -> PathBuf {
        self.0.join("logs")
    }

    /// The beacon's private key.
    pub fn beacon(&self) -> PathBuf {
        self.0.join("beacon.key")
    }

    pub fn clock(&self) -> PathBuf {
        self.0.join("clock")
    }

    /// What lies there, or why it cannot be used.
    pub fn read(&self) -> Result<Option<Network>> {
        let file = self.network();
        if !file.exists() {
            if self.0.join("config/genesis.json").exists() {
                bail!(
                    "{} holds a chain that an older scripts/start made: give --fresh to delete it and begin anew, or another folder with --home",
                    self.0.display()
                );
            }
            return Ok(None);
        }
        let found: serde_json::Value = read(&file)?;
        match found["format"].as_u64() {
            Some(format) if format == u64::from(FORMAT) => {
                Ok(Some(serde_json::from_value(found).with_context(|| spoilt(&file))?))
            }
            Some(other) => bail!(
                "{} was made by another version (format {other}, not {FORMAT}): give --fresh to delete it and begin anew, or another folder \
                 with --home",
                self.0.display()
            ),
            None => bail!(spoilt(&file)),
        }
    }

    pub fn write(&self, network: &Network) -> Result<()> {
        write(&self.network(), network)
    }

    /// Holds the folder for one command; another that comes meanwhile is told so.
    pub fn lock(&self) -> Result<File> {
        fs::create_dir_all(&self.0).with_context(|| format!("cannot make {}", self.0.display()))?;
        let file = File::create(self.0.join("lock"))?;
        if file.try_lock().is_err() {
            bail!("another command is at work on {}: wait for it, then try again", self.0.display());
        }
        Ok(file)
    }

    /// Deletes a network, and nothing that is none.
    pub fn delete(&self) -> Result<()> {
        if !self.0.exists() {
            return Ok(());
        }
        let ours = ["network.json", "making", "nodes", "config/genesis.json"];
        let empty = fs::read_dir(&self.0)?.flatten().all(|entry| entry.file_name() == "lock");
        if !empty && !ours.iter().any(|name| self.0.join(name).exists()) {
            bail!("{} is not a network's folder, so it is not deleted", self.0.display());
        }
        fs::remove_dir_all(&self.0).with_context(|| format!("cannot delete {}", self.0.display()))
    }
}

fn spoilt(file: &Path) -> String {
    format!("{} cannot be read as a network's description: give --fresh to begin anew", file.display())
}

pub fn read<T: DeserializeOwned>(file: &Path) -> Result<T> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_slice(&bytes).with_context(|| spoilt(file))
}

/// The old file or the new one, never half of it.
pub fn write<T: Serialize>(file: &Path, content: &T) -> Result<()> {
    let mut text = serde_json::to_string_pretty(content)?;
    text.push('\n');
    replace(file, text.as_bytes(), 0o644)
}

pub fn write_secret(file: &Path, text: &str) -> Result<()> {
    replace(file, text.as_bytes(), 0o600)
}

fn replace(file: &Path, bytes: &[u8], mode: u32) -> Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let new = file.with_extension("new");
    let write = || -> std::io::Result<()> {
        let mut out = File::options().create(true).truncate(true).write(true).mode(mode).open(&new)?;
        out.write_all(bytes)?;
        out.sync_all()?;
        fs::rename(&new, file)
    };
    write().with_context(|| format!("cannot write {}", file.display()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn network() -> Network {
        Network {
            format: FORMAT,
            chain_id: "local-1".into(),
            prefix: "iz".into(),
            denom: "uiz".into(),
            settlement: "uusdc".into(),
            gas_price: "0.001uiz".into(),
            rpc: String::new(),
            grpc: String::new(),
            rest: String::new(),
            validators: vec![],
            contract_metrics: String::new(),
            blobs: String::new(),
            predictions: String::new(),
            trainers: vec![],
            accounts: BTreeMap::new(),
            codes: BTreeMap::new(),
            contracts: BTreeMap::from([("merit".into(), "iz1merit".into())]),
            clock: None,
            beacon_key_file: PathBuf::new(),
            complete: false,
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder(place.path().join("net"));
        assert_eq!(folder.read().unwrap(), None);
        folder.write(&network()).unwrap();
        assert_eq!(folder.read().unwrap(), Some(network()));
        assert_eq!(network().contract("merit").unwrap(), "iz1merit");
        assert!(network().contract("rounds").unwrap_err().to_string().contains("no contract rounds"));
    }

    #[test]
    fn other_formats_older_folders_and_garbage_say_what_to_do() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder(place.path().to_owned());
        let mut other = serde_json::to_value(network()).unwrap();
        other["format"] = 99.into();
        for (file, content) in [
            ("config/genesis.json", "{}".to_owned()),
            ("network.json", other.to_string()),
            ("network.json", "{\"chain".to_owned()),
            ("network.json", "{}".to_owned()),
        ] {
            let path = place.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
            assert!(folder.read().unwrap_err().to_string().contains("--fresh"), "{file}");
        }
        folder.delete().unwrap();
        assert_eq!(folder.read().unwrap(), None);
    }

    #[test]
    fn folders_of_others_are_not_deleted() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("thesis.txt"), "years of work").unwrap();
        assert!(Folder(place.path().to_owned()).delete().is_err());
        assert!(place.path().join("thesis.txt").exists());
    }

    #[test]
    fn two_commands_do_not_work_on_one_folder() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder(place.path().to_owned());
        let first = folder.lock().unwrap();
        assert!(folder.lock().unwrap_err().to_string().contains("another command"));
        drop(first);
        folder.lock().unwrap();
    }

    #[test]
    fn secrets_are_their_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("keys/one.key");
        write_secret(&file, "00").unwrap();
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
