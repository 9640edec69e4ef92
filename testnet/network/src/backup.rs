//! A stopped network in one file, and back again, in the same place or another.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use sha2::{Digest as _, Sha256};

use crate::files::{Folder, Network};
use crate::processes::Processes;
use crate::tools::room;

/// What is made anew by a start, or belongs to one machine.
const LEFT_OUT: [&str; 4] = ["lock", "processes.json", "logs", "prometheus.json"];

/// Writes the network into an archive, with its SHA-256 in a file beside.
pub fn backup(folder: &Folder, archive: &Path) -> Result<()> {
    let _lock = folder.lock()?;
    if folder.read()?.is_none() {
        bail!("there is no network in {}", folder.0.display());
    }
    if !Processes::read(&folder.processes())?.alive().is_empty() {
        bail!("the network runs, and a copy of what is being written is none: scripts/stop first");
    }
    if archive.exists() {
        bail!("{} is there already, and is not overwritten", archive.display());
    }
    let half = with(archive, "half");
    let mut tar = Command::new("tar");
    tar.arg("--create").arg("--gzip").arg("--file").arg(&half).arg("--directory").arg(&folder.0);
    for name in LEFT_OUT {
        tar.arg(format!("--exclude=./{name}"));
    }
    run(tar.arg("."))?;
    fs::write(with(archive, "sha256"), format!("{}\n", digest(&half)?))?;
    fs::rename(&half, archive)?;
    Ok(())
}

/// Unpacks an archive into a folder that is not there yet. Nothing of it counts until all of it is there.
pub fn restore(archive: &Path, folder: &Folder) -> Result<Network> {
    if folder.0.exists() {
        bail!(
            "{} is there already, and is not overwritten: name another folder with --home",
            folder.0.display()
        );
    }
    let parent = folder.0.parent().context("a network's folder lies in another")?;
    room(parent)?;
    let noted = with(archive, "sha256");
    let wanted = fs::read_to_string(&noted).with_context(|| format!("cannot read {}", noted.display()))?;
    if digest(archive)? != wanted.trim() {
        bail!(
            "{} is not what was backed up: its SHA-256 is another than {} says",
            archive.display(),
            noted.display()
        );
    }
    let making = with(&folder.0, "restoring");
    if making.exists() {
        fs::remove_dir_all(&making)?;
    }
    fs::create_dir_all(&making)?;
    run(Command::new("tar")
        .arg("--extract")
        .arg("--gzip")
        .arg("--file")
        .arg(archive)
        .arg("--directory")
        .arg(&making))?;
    let mut network =
        Folder(making.clone()).read()?.with_context(|| format!("{} holds no network", archive.display()))?;
    move_to(&mut network, &folder.0)?;
    Folder(making.clone()).write(&network)?;
    fs::rename(&making, &folder.0)?;
    Ok(network)
}

/// Points everything that lay in the old folder to the new one.
fn move_to(network: &mut Network, new: &Path) -> Result<()> {
    let old = network.beacon_key_file.parent().context("a network without a folder")?.to_owned();
    let moved = |path: &Path| -> Result<PathBuf> {
        let inside = path
            .strip_prefix(&old)
            .with_context(|| format!("{} did not lie in the network's folder", path.display()))?;
        Ok(new.join(inside))
    };
    for node in &mut network.validators {
        node.home = moved(&node.home)?;
    }
    for trainer in &mut network.trainers {
        trainer.home = moved(&trainer.home)?;
    }
    for account in network.accounts.values_mut() {
        account.key_file = moved(&account.key_file)?;
        account.mnemonic_file = moved(&account.mnemonic_file)?;
    }
    network.clock = network.clock.as_deref().map(moved).transpose()?;
    network.beacon_key_file = moved(&network.beacon_key_file)?;
    Ok(())
}

fn with(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

fn digest(file: &Path) -> Result<String> {
    let mut reader = fs::File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut hasher = Sha256::new();
    std::io::copy(&mut reader, &mut hasher)?;
    Ok(hex::encode(hasher.finalize()))
}

fn run(command: &mut Command) -> Result<()> {
    let done = command.output().context("cannot run tar: install it")?;
    if !done.status.success() {
        bail!("tar: {}", String::from_utf8_lossy(&done.stderr).trim());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeMap;

    use super::*;
    use crate::files::{Account, FORMAT, Validator};

    fn made(home: &Path) -> Folder {
        let folder = Folder(home.to_owned());
        let account = Account {
            address: "iz1alice".into(),
            key_file: home.join("accounts/alice.key"),
            mnemonic_file: home.join("accounts/alice.mnemonic"),
        };
        let node = Validator {
            name: "node0".into(),
            home: home.join("nodes/node0/izd"),
            rpc: "http://127.0.0.1:1".into(),
            grpc: String::new(),
            rest: String::new(),
            p2p: String::new(),
            metrics: String::new(),
            consensus_metrics: String::new(),
        };
        let network = Network {
            format: FORMAT,
            chain_id: "local-1".into(),
            prefix: "iz".into(),
            denom: "uiz".into(),
            settlement: "uusdc".into(),
            gas_price: "0.001uiz".into(),
            rpc: String::new(),
            grpc: String::new(),
            rest: String::new(),
            validators: vec![node],
            contract_metrics: String::new(),
            blobs: String::new(),
            predictions: String::new(),
            trainers: crate::trainers::crew(&Folder(home.to_owned())),
            accounts: BTreeMap::from([("alice".into(), account)]),
            codes: BTreeMap::new(),
            contracts: BTreeMap::new(),
            clock: Some(home.join("clock")),
            beacon_key_file: home.join("beacon.key"),
            complete: true,
        };
        folder.write(&network).unwrap();
        for file in ["accounts/alice.key", "nodes/node0/izd/data/state", "logs/node0.log", "clock"] {
            let path = home.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
        }
        folder
    }

    #[test]
    fn a_network_comes_back_in_another_place() {
        let place = tempfile::tempdir().unwrap();
        let (archive, new) = (place.path().join("copy.tgz"), place.path().join("new"));
        backup(&made(&place.path().join("old")), &archive).unwrap();
        fs::remove_dir_all(place.path().join("old")).unwrap();
        let network = restore(&archive, &Folder(new.clone())).unwrap();
        assert_eq!(Folder(new.clone()).read().unwrap().unwrap(), network);
        assert_eq!(fs::read_to_string(&network.accounts["alice"].key_file).unwrap(), "accounts/alice.key");
        assert_eq!(network.validators[0].home, new.join("nodes/node0/izd"));
        assert!(network.validators[0].home.join("data/state").exists());
        assert!(
            network.trainers.iter().all(|trainer| trainer.home == new.join("trainers").join(&trainer.name))
        );
        assert!(!new.join("logs").exists());
        // nothing there is overwritten
        assert!(restore(&archive, &Folder(new)).unwrap_err().to_string().contains("not overwritten"));
        assert!(
            backup(&made(&place.path().join("old")), &archive)
                .unwrap_err()
                .to_string()
                .contains("not overwritten")
        );
    }

    #[test]
    fn a_spoilt_archive_leaves_nothing_behind() {
        let place = tempfile::tempdir().unwrap();
        let (archive, new) = (place.path().join("copy.tgz"), place.path().join("new"));
        backup(&made(&place.path().join("old")), &archive).unwrap();
        let mut bytes = fs::read(&archive).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&archive, bytes).unwrap();
        assert!(restore(&archive, &Folder(new.clone())).unwrap_err().to_string().contains("SHA-256"));
        assert!(!new.exists());
        assert!(backup(&Folder(new), &place.path().join("other.tgz")).is_err());
    }

    #[test]
    fn a_network_that_runs_is_not_copied() {
        let place = tempfile::tempdir().unwrap();
        let folder = made(&place.path().join("old"));
        let mut command = Command::new("sleep");
        command.arg("1000");
        let process = crate::processes::Process::start("node0", command, &place.path().join("log")).unwrap();
        let processes = Processes { processes: vec![process] };
        processes.write(&folder.processes()).unwrap();
        let refused = backup(&folder, &place.path().join("copy.tgz"));
        processes.stop(std::time::Duration::from_secs(10)).unwrap();
        assert!(refused.unwrap_err().to_string().contains("scripts/stop"));
    }
}
