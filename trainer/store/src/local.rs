//! Blobs on local disk: `ab/abcd…`, written to a temporary file, synced, renamed. What is there is whole.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use crate::{Address, Store, StoreError};

/// Where files are before they are whole.
const FRESH: &str = "fresh";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one blob at most.
    pub blob: u64,
    /// Bytes of all blobs together at most.
    pub total: u64,
    /// How long a blob is kept that nobody asked to keep; none for ever.
    pub age: Option<Duration>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { blob: 1 << 30, total: 64 << 30, age: Some(Duration::from_secs(30 * 24 * 3600)) }
    }
}

/// A folder of blobs. One process writes to it.
pub struct Local {
    root: PathBuf,
    limits: Limits,
    /// Bytes of all blobs.
    total: Mutex<u64>,
    /// Names of temporary files.
    next: AtomicU64,
}

impl Local {
    /// Makes the folder if need be, and clears what a killed process left unfinished.
    pub fn open(root: impl Into<PathBuf>, limits: Limits) -> Result<Self, StoreError> {
        let root = root.into();
        let fresh = root.join(FRESH);
        fs::create_dir_all(&fresh).map_err(|error| StoreError::file(&fresh, error))?;
        for entry in entries(&fresh)? {
            fs::remove_file(&entry).map_err(|error| StoreError::file(&entry, error))?;
        }
        let store = Self { root, limits, total: Mutex::new(0), next: AtomicU64::new(0) };
        let mut total = 0;
        store.each(|_, path| {
            total += fs::metadata(path)?.len();
            Ok(())
        })?;
        *store.total() = total;
        Ok(store)
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Bytes of all blobs.
    pub fn size(&self) -> u64 {
        *self.total()
    }

    /// Every blob that is there, by address.
    pub fn list(&self) -> Result<Vec<Address>, StoreError> {
        let mut found = Vec::new();
        self.each(|address, _| {
            found.push(address);
            Ok(())
        })?;
        found.sort_unstable();
        Ok(found)
    }

    /// Takes a blob out of the rule about age.
    pub fn keep(&self, address: &Address) -> Result<(), StoreError> {
        let path = self.kept(address);
        File::create(&path).map_err(|error| StoreError::file(&path, error))?;
        Ok(())
    }

    /// Removes what is older than the limits allow; answers how many bytes that freed.
    pub fn prune(&self) -> Result<u64, StoreError> {
        let Some(age) = self.limits.age else { return Ok(0) };
        let now = SystemTime::now();
        let mut old = Vec::new();
        self.each(|address, path| {
            let written = fs::metadata(path)?.modified()?;
            if now.duration_since(written).is_ok_and(|passed| passed > age) && !self.kept(&address).exists() {
                old.push(address);
            }
            Ok(())
        })?;
        let before = self.size();
        for address in old {
            self.remove(&address)?;
        }
        Ok(before.saturating_sub(self.size()))
    }

    fn total(&self) -> std::sync::MutexGuard<'_, u64> {
        self.total.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self, address: &Address) -> PathBuf {
        let name = address.to_string();
        self.root.join(name.get(..2).unwrap_or_default()).join(name)
    }

    fn kept(&self, address: &Address) -> PathBuf {
        self.path(address).with_extension("keep")
    }

    fn each(&self, mut visit: impl FnMut(Address, &Path) -> io::Result<()>) -> Result<(), StoreError> {
        for folder in entries(&self.root)? {
            if !folder.is_dir() || folder.ends_with(FRESH) {
                continue;
            }
            for path in entries(&folder)? {
                let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                let Ok(address) = name.parse() else { continue };
                visit(address, &path).map_err(|error| StoreError::file(&path, error))?;
            }
        }
        Ok(())
    }

    /// Counts bytes in before they are written.
    fn reserve(&self, size: u64) -> Result<(), StoreError> {
        let fits = |total: u64| total.checked_add(size).filter(|sum| *sum <= self.limits.total);
        if fits(self.size()).is_none() {
            self.prune()?;
        }
        let mut total = self.total();
        let full = StoreError::Full { size: total.saturating_add(size), limit: self.limits.total };
        *total = fits(*total).ok_or(full)?;
        Ok(())
    }

    fn release(&self, size: u64) {
        let mut total = self.total();
        *total = total.saturating_sub(size);
    }

    fn write(&self, address: &Address, bytes: &[u8]) -> Result<bool, StoreError> {
        let fresh = self.root.join(FRESH).join(self.next.fetch_add(1, Ordering::SeqCst).to_string());
        let path = self.path(address);
        let result = write_whole(&fresh, &path, bytes);
        if result.is_err() {
            let _ = fs::remove_file(&fresh);
        }
        result
    }
}

/// Writes, syncs and renames; false where another thread was faster.
fn write_whole(fresh: &Path, path: &Path, bytes: &[u8]) -> Result<bool, StoreError> {
    let failed = |error| StoreError::file(fresh, error);
    let mut file = File::create(fresh).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.sync_all().map_err(failed)?;
    let there = |error| StoreError::file(path, error);
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(there)?;
    // a link fails where there is a file already, so that each blob is counted once
    let new = match fs::hard_link(fresh, path) {
        Ok(()) => true,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
        Err(_) => {
            // a file system without links
            let new = !path.exists();
            fs::rename(fresh, path).map_err(there)?;
            new
        }
    };
    let _ = fs::remove_file(fresh);
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(there)?;
    Ok(new)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let failed = |error| StoreError::file(folder, error);
    fs::read_dir(folder).map_err(failed)?.map(|entry| Ok(entry.map_err(failed)?.path())).collect()
}

impl Store for Local {
    fn put(&self, bytes: &[u8]) -> Result<Address, StoreError> {
        let size = bytes.len() as u64;
        if size > self.limits.blob {
            return Err(StoreError::TooLarge { size, limit: self.limits.blob });
        }
        let address = Address::of(bytes);
        match self.get(&address) {
            Ok(Some(_)) => return Ok(address),
            Ok(None) => {}
            // the bytes at hand are the right ones
            Err(StoreError::Damaged(_)) => self.remove(&address)?,
            Err(error) => return Err(error),
        }
        self.reserve(size)?;
        match self.write(&address, bytes) {
            Ok(true) => Ok(address),
            Ok(false) => {
                self.release(size);
                Ok(address)
            }
            Err(error) => {
                self.release(size);
                Err(error)
            }
        }
    }

    fn get(&self, address: &Address) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.path(address);
        match fs::read(&path) {
            Ok(bytes) if Address::of(&bytes) == *address => Ok(Some(bytes)),
            Ok(_) => Err(StoreError::Damaged(*address)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::file(&path, error)),
        }
    }

    fn has(&self, address: &Address) -> Result<bool, StoreError> {
        Ok(self.path(address).is_file())
    }

    fn remove(&self, address: &Address) -> Result<(), StoreError> {
        let path = self.path(address);
        let size = match fs::metadata(&path) {
            Ok(data) => data.len(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(StoreError::file(&path, error)),
        };
        match fs::remove_file(&path) {
            Ok(()) => self.release(size),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(StoreError::file(&path, error)),
        }
        let _ = fs::remove_file(self.kept(address));
        Ok(())
    }

    fn largest(&self) -> u64 {
        self.limits.blob
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_apart_from_other_faults() {
        let path = Path::new("x");
        // ENOSPC, EDQUOT, EACCES
        for (code, full) in [(28, true), (122, true), (13, false)] {
            let error = StoreError::file(path, io::Error::from_raw_os_error(code));
            assert_eq!(matches!(error, StoreError::DiskFull { .. }), full, "{error}");
        }
    }
}
