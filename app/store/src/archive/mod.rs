//! Every kept version on disk: the nodes of its trees, appended version after version.
//!
//! An epoch begins with the whole state of one version (its base) and goes on with the nodes that each later version
//! added. A node names its children by their place in the same file, so an epoch stands for itself: it is deleted whole
//! once no version of it is kept. The newest base is also what a start loads before it replays the log.
//!
//! ```text
//! tree-<base>:    section(base) section(base+1) …      section = node* footer
//! heights-<base>: entry(base) entry(base+1) …          entry = footer's offset(8) length(4) crc(4)
//! ```

mod epoch;
mod format;
mod load;
mod writer;

use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicU64, Ordering},
};

pub use epoch::Epoch;
pub use format::Footer;
pub use load::load_base;
pub use writer::{EpochWriter, NodeFeed, SectionRoots};

use crate::{
    disk::{Disk, UNFINISHED, file_name, versions_of},
    error::StoreError,
    tree::{Hash, Place},
};

pub const TREE: &str = "tree";
pub const HEIGHTS: &str = "heights";

/// All epochs of a store, oldest first.
pub struct Archive {
    pub disk: Arc<dyn Disk>,
    epochs: RwLock<Vec<Arc<Epoch>>>,
    /// The oldest version that the pruning setting keeps.
    oldest: AtomicU64,
}

/// One version in the archive. It stays readable while this is held, even if its epoch is deleted meanwhile.
pub struct ArchivedVersion {
    pub epoch: Arc<Epoch>,
    pub footer: Footer,
}

impl ArchivedVersion {
    /// Root and root hash of a store.
    pub fn root(&self, name: &str) -> (Option<Place>, Hash) {
        let found = self.footer.stores.iter().find(|store| store.name == name);
        found.map_or((None, crate::tree::EMPTY_HASH), |store| (store.root, store.hash))
    }
}

impl Archive {
    /// Opens every finished epoch and removes what was left unfinished.
    pub fn open(disk: Arc<dyn Disk>) -> Result<Self, StoreError> {
        let names = disk.list().map_err(|error| StoreError::disk("cannot list", "the store", error))?;
        for name in names.iter().filter(|name| name.ends_with(UNFINISHED)) {
            disk.remove(name).map_err(|error| StoreError::disk("cannot remove", name, error))?;
        }
        let mut epochs = Vec::new();
        let (bases, heights) = (versions_of(&names, TREE), versions_of(&names, HEIGHTS));
        // a file without its companion is what a crash left of an epoch being begun or removed
        for (kind, these, those) in [(HEIGHTS, &heights, &bases), (TREE, &bases, &heights)] {
            for base in these.iter().filter(|base| !those.contains(base)) {
                let name = file_name(kind, *base);
                disk.remove(&name).map_err(|error| StoreError::disk("cannot remove", name, error))?;
            }
        }
        for base in bases.into_iter().filter(|base| heights.contains(base)) {
            epochs.push(Arc::new(Epoch::open(disk.as_ref(), base)?));
        }
        // a store that has versions keeps its first, empty epoch only until one of them is in it
        if let [first, _, ..] = &epochs[..]
            && first.holds_nothing()?
        {
            remove_epoch(disk.as_ref(), first.base)?;
            epochs.remove(0);
        }
        Ok(Self { disk, epochs: RwLock::new(epochs), oldest: AtomicU64::new(0) })
    }

    pub fn epochs(&self) -> Vec<Arc<Epoch>> {
        self.epochs.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn add(&self, epoch: Arc<Epoch>) {
        self.epochs.write().unwrap_or_else(PoisonError::into_inner).push(epoch);
    }

    /// Goes on with one epoch alone; returns those there were before.
    pub fn begin_anew(&self, epoch: Arc<Epoch>) -> Vec<Arc<Epoch>> {
        std::mem::replace(&mut *self.epochs.write().unwrap_or_else(PoisonError::into_inner), vec![epoch])
    }

    /// The oldest version that can be asked for, if any can.
    pub fn oldest(&self) -> u64 {
        let first = self.epochs().first().map_or(0, |epoch| epoch.base);
        self.oldest.load(Ordering::Relaxed).max(first)
    }

    /// Refuses versions before `version` from now on.
    pub fn keep_from(&self, version: u64) {
        self.oldest.fetch_max(version, Ordering::Relaxed);
    }

    /// Deletes the epochs of which no version is kept.
    pub fn prune(&self) -> Result<(), StoreError> {
        let oldest = self.oldest.load(Ordering::Relaxed);
        loop {
            let epoch = {
                let mut epochs = self.epochs.write().unwrap_or_else(PoisonError::into_inner);
                // an epoch ends where the next one begins; the newest one is never deleted
                match epochs.get(1) {
                    Some(next) if next.base <= oldest => epochs.remove(0),
                    _ => return Ok(()),
                }
            };
            remove_epoch(self.disk.as_ref(), epoch.base)?;
        }
    }

    /// A version's roots; none if it is not in the archive. Versions that pruning refuses to new readers may still be there.
    pub fn version(&self, version: u64) -> Result<Option<ArchivedVersion>, StoreError> {
        let epochs = self.epochs();
        let Some(epoch) = epochs.iter().rev().find(|epoch| epoch.base <= version) else { return Ok(None) };
        let footer = epoch.footer(version)?;
        Ok(footer.map(|footer| ArchivedVersion { epoch: epoch.clone(), footer }))
    }
}

/// Deletes an epoch's files; the heights last, so that no crash leaves a tree without them.
pub fn remove_epoch(disk: &dyn Disk, base: u64) -> Result<(), StoreError> {
    for kind in [TREE, HEIGHTS] {
        let name = file_name(kind, base);
        disk.remove(&name).map_err(|error| StoreError::disk("cannot remove", name, error))?;
    }
    Ok(())
}
