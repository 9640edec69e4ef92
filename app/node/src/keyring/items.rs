//! The items of a keyring: a file each, encrypted, in one folder.

use std::{
    cell::{OnceCell, RefCell},
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use super::{Backend, jwe, passphrase};
use crate::setup::{make_folder, write_private};

/// What is encrypted in an item's file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Item {
    key: String,
    data: String,
    #[serde(default)]
    label: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    keychain_not_trust_application: bool,
    #[serde(default)]
    keychain_not_synchronizable: bool,
}

impl Drop for Item {
    fn drop(&mut self) {
        self.data.zeroize();
    }
}

pub enum Items {
    Folder { path: PathBuf, asks: bool, passphrase: OnceCell<Zeroizing<String>> },
    Memory(RefCell<BTreeMap<String, Zeroizing<Vec<u8>>>>),
}

impl Items {
    pub fn open(backend: Backend, folder: &Path) -> Result<Self> {
        let (name, asks) = match backend {
            Backend::Memory => return Ok(Self::Memory(RefCell::default())),
            Backend::File => ("keyring-file", true),
            Backend::Test => ("keyring-test", false),
        };
        let path = folder.join(name);
        make_folder(&path, 0o700)?;
        Ok(Self::Folder { path, asks, passphrase: OnceCell::new() })
    }

    /// The names of all items, sorted.
    pub fn names(&self) -> Result<Vec<String>> {
        match self {
            Self::Memory(items) => Ok(items.borrow().keys().cloned().collect()),
            Self::Folder { path, .. } => {
                let mut names = Vec::new();
                for entry in fs::read_dir(path).with_context(|| format!("cannot list {}", path.display()))? {
                    if let Some(name) = entry?.file_name().to_str() {
                        names.push(unescape(name));
                    }
                }
                names.sort();
                Ok(names)
            }
        }
    }

    pub fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>> {
        match self {
            Self::Memory(items) => Ok(items.borrow().get(name).cloned()),
            Self::Folder { path, .. } => {
                let path = path.join(escape(name));
                let token = match fs::read_to_string(&path) {
                    Ok(token) => token,
                    Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                    Err(error) => {
                        return Err(error).with_context(|| format!("cannot read {}", path.display()));
                    }
                };
                let damaged = || format!("{} is damaged or has another passphrase", path.display());
                let payload = jwe::decrypt(&token, self.passphrase()?).with_context(damaged)?;
                let item: Item = serde_json::from_slice(&payload).with_context(damaged)?;
                Ok(Some(Zeroizing::new(STANDARD.decode(&item.data).with_context(damaged)?)))
            }
        }
    }

    pub fn set(&self, name: &str, data: &[u8]) -> Result<()> {
        match self {
            Self::Memory(items) => {
                items.borrow_mut().insert(name.to_owned(), Zeroizing::new(data.to_vec()));
                Ok(())
            }
            Self::Folder { path, .. } => {
                let item = Item {
                    key: name.to_owned(),
                    data: STANDARD.encode(data),
                    label: String::new(),
                    description: String::new(),
                    keychain_not_trust_application: false,
                    keychain_not_synchronizable: false,
                };
                let payload = Zeroizing::new(serde_json::to_vec(&item)?);
                let token = jwe::encrypt(&payload, self.passphrase()?)?;
                write_private(&path.join(escape(name)), token.as_bytes())
            }
        }
    }

    pub fn remove(&self, name: &str) -> Result<()> {
        match self {
            Self::Memory(items) => {
                items.borrow_mut().remove(name);
                Ok(())
            }
            Self::Folder { path, .. } => {
                let path = path.join(escape(name));
                match fs::remove_file(&path) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        Err(error).with_context(|| format!("cannot remove {}", path.display()))
                    }
                    _ => Ok(()),
                }
            }
        }
    }

    /// Asked for once.
    fn passphrase(&self) -> Result<&str> {
        let Self::Folder { path, asks, passphrase } = self else { return Ok("") };
        if passphrase.get().is_none() {
            let given = if *asks { passphrase::ask(path)? } else { Zeroizing::new("test".to_owned()) };
            // nobody else can have set it: this type is not shared between threads
            let _ = passphrase.set(given);
        }
        Ok(passphrase.get().map_or("", |text| text.as_str()))
    }
}

/// A slash cannot stand in a file's name.
fn escape(name: &str) -> String {
    name.replace('%', "%25").replace('/', "%2F")
}

fn unescape(name: &str) -> String {
    name.replace("%2F", "/").replace("%2f", "/").replace("%25", "%")
}
