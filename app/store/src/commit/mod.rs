//! The multistore: all stores under one app hash and one version.

mod archivist;
mod forest;
mod nodes;
mod open;
mod options;
mod restore;
mod rollback;
mod snapshot;
mod table;
#[cfg(test)]
mod tests;

use std::{
    path::Path,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use archivist::{ArchivistLink, Job};
use forest::{Forest, Pending, VersionRoots};
pub use options::{Pruning, StoreOptions};
pub use restore::Restore;
pub use snapshot::Snapshot;
use table::StoreTable;

use crate::{
    Changes, StoreKey, VersionTime,
    archive::{Archive, NodeFeed},
    disk::{Log, RealDisk},
    error::StoreError,
    index::{FlatIndex, Generation, Undo},
    proof::StoreProof,
    reader::Reader,
    tree::{Hash, Tree},
};

/// Below this number of writes in a block one thread is faster than two.
const PARALLEL_FROM: usize = 256;

/// Every mounted store: reads of any kept version, one version being written.
///
/// `apply` computes a block's app hash and `commit` makes the block the newest version; both are called by the one thread
/// that executes blocks. Everything else may be called from any thread at any time and never waits for a block, but not
/// from inside a rayon task: those may be what a block waits for.
pub struct MultiStore {
    /// Before `shared`, so that dropping the store first lets the archivist finish.
    writer: Mutex<Writer>,
    shared: Arc<Shared>,
}

/// What only commits use.
struct Writer {
    /// None for a store in memory.
    log: Option<Log>,
    archivist: ArchivistLink,
    /// Whether the archivist is beginning an epoch.
    beginning: Arc<AtomicBool>,
    writes_since_base: u64,
    writes_per_base: u64,
    pruning: Pruning,
}

/// What the multistore, its snapshots and the archivist have in common.
struct Shared {
    table: StoreTable,
    index: FlatIndex,
    newest: RwLock<Arc<Generation>>,
    /// The version of `newest`, for those who need no more than that.
    newest_version: AtomicU64,
    forest: Mutex<Forest>,
    /// How many blocks wait for the forest: the archivist lets them go first.
    waiting: AtomicUsize,
    archive: Option<Arc<Archive>>,
    /// Up to this version the archive has every node: readers need not wait for the trees.
    archived: AtomicU64,
    /// Tells those who wait with the forest's lock that the archive has more versions, or never will.
    archive_moved: Condvar,
    /// The first failure; nothing is written after it.
    failure: OnceLock<StoreError>,
}

impl MultiStore {
    /// A store that lives in memory only and keeps every version.
    pub fn in_memory(keys: &[StoreKey]) -> Result<Self, StoreError> {
        let table = StoreTable::new(keys, &[])?;
        let stores = table.len();
        let trees = (0..stores).map(|_| Tree::default()).collect();
        let forest = Forest::new(trees, VersionRoots::empty(stores), None);
        let shared = Shared::new(table, forest, FlatIndex::new(stores), None);
        let writer = Writer {
            log: None,
            archivist: ArchivistLink::None,
            beginning: Arc::default(),
            writes_since_base: 0,
            writes_per_base: u64::MAX,
            pruning: Pruning::Nothing,
        };
        Ok(Self { writer: Mutex::new(writer), shared: Arc::new(shared) })
    }

    /// Opens the store in `directory` at its last durable commit, or makes it with the given stores mounted.
    pub fn open(directory: &Path, keys: &[StoreKey], options: &StoreOptions) -> Result<Self, StoreError> {
        open::open(Arc::new(real_disk(directory)?), keys, options)
    }

    /// Forgets every version after `version`; no node may run on the directory.
    pub fn roll_back(directory: &Path, version: u64) -> Result<(), StoreError> {
        rollback::roll_back(&real_disk(directory)?, version)
    }

    /// Mounts an optional store. Which stores there are is part of the app hash, so this is for before the first version.
    pub fn mount(&self, store: StoreKey) -> Result<(), StoreError> {
        if self.shared.table.position(store).is_ok() {
            return Ok(());
        }
        if self.version() != 0 {
            return Err(StoreError::MountedTooLate { name: store.name().to_owned() });
        }
        let mut writer = self.writer();
        self.shared.table.mount(store)?;
        // the log's header tells a later start which stores there are
        if let (Some(log), Some(archive)) = (&mut writer.log, &self.shared.archive) {
            *log = Log::create(archive.disk.as_ref(), 0, &self.shared.table.names())?;
        }
        Ok(())
    }

    /// The newest committed version; 0 before the first.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.shared.newest_version()
    }

    /// The oldest version that can be asked for.
    #[must_use]
    pub fn oldest_version(&self) -> u64 {
        self.shared.oldest_version()
    }

    /// The app hash of the newest committed version.
    #[must_use]
    pub fn app_hash(&self) -> Hash {
        self.shared.newest().app_hash()
    }

    /// Writes the changes of block `version`, made at `time`, into the trees and returns the app hash they give. Nothing that others can
    /// read changes before [`Self::commit`]; applying again replaces what was applied.
    pub fn apply<'a>(
        &self,
        version: u64,
        time: VersionTime,
        changes: impl IntoIterator<Item = (StoreKey, &'a Changes)>,
    ) -> Result<Hash, StoreError> {
        self.shared.check()?;
        let mut sorted: Vec<Option<&Changes>> = vec![None; self.shared.table.len()];
        for (store, changes) in changes {
            let position = self.shared.table.position(store)?;
            sorted[position] = Some(changes);
        }
        self.shared.forest_for_block().apply(version, time, &sorted, &self.shared.table)
    }

    /// Makes what was applied durable and the newest version. A failure stops the store: the block is then either in the
    /// log or not, which the next start finds out.
    pub fn commit(&self) -> Result<u64, StoreError> {
        self.shared.check()?;
        let result = self.try_commit();
        if let Err(error) = &result
            && !matches!(error, StoreError::NothingApplied { .. })
        {
            self.shared.fail(error);
        }
        result
    }

    fn try_commit(&self) -> Result<u64, StoreError> {
        let shared = &self.shared;
        let mut writer = self.writer();
        let writer = &mut *writer;
        let pending = shared.forest_for_block().take_pending()?;
        let version = pending.roots.version;
        let write_count = pending.write_count();
        let (logged, undo) = if write_count < PARALLEL_FROM {
            (writer.log(shared, &pending), shared.replaced_by(&pending))
        } else {
            rayon::join(|| writer.log(shared, &pending), || shared.replaced_by(&pending))
        };
        logged?;
        let roots = shared.forest_for_block().commit(pending.roots);
        let next = Generation::new(version, roots.app_hash);
        shared.newest().supersede(undo, next.clone());
        for (store, writes) in pending.writes.iter().enumerate() {
            shared.index.write(store, writes);
        }
        shared.publish(next);
        writer.archive(shared, roots, write_count as u64)?;
        Ok(version)
    }

    /// The newest committed state, for execution and CheckTx: it stays what it is while it is held.
    #[must_use]
    pub fn latest(&self) -> Arc<dyn Reader> {
        Arc::new(Snapshot::newest(self.shared.clone()))
    }

    /// The state as of a kept version.
    pub fn snapshot(&self, version: u64) -> Result<Snapshot, StoreError> {
        Snapshot::at(self.shared.clone(), version)
    }

    /// The root of one store's tree as of a kept version.
    pub fn store_root(&self, version: u64, store: StoreKey) -> Result<Hash, StoreError> {
        self.snapshot(version)?.store_root(store)
    }

    /// Proves what `key` holds, or that it holds nothing, as of a kept version.
    pub fn proof(&self, version: u64, store: StoreKey, key: &[u8]) -> Result<StoreProof, StoreError> {
        self.snapshot(version)?.proof(store, key)
    }

    /// The mounted stores, sorted by name.
    pub fn stores(&self) -> impl Iterator<Item = StoreKey> + '_ {
        self.shared.table.mounted().map(|(_, key)| key)
    }

    /// Number of keys in all stores.
    #[must_use]
    pub fn key_count(&self) -> usize {
        self.shared.index.len()
    }

    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn real_disk(directory: &Path) -> Result<RealDisk, StoreError> {
    let name = || directory.display().to_string();
    RealDisk::open(directory).map_err(|error| StoreError::disk("cannot open", name(), error))
}

impl Writer {
    fn log(&mut self, shared: &Shared, pending: &Pending) -> Result<(), StoreError> {
        let Some(log) = &mut self.log else { return Ok(()) };
        let stores = shared.table.mounted();
        let stores = stores.map(|(position, key)| (key.name(), &pending.writes[position][..]));
        log.append(pending.roots.version, pending.roots.time, &pending.roots.app_hash, stores)
    }

    /// Hands a committed version to the archivist, and begins a new log if a new epoch is due.
    fn archive(&mut self, shared: &Shared, roots: Arc<VersionRoots>, writes: u64) -> Result<(), StoreError> {
        let Some(archive) = &shared.archive else { return Ok(()) };
        let version = roots.version;
        if let Some(oldest) = self.pruning.oldest_kept(version) {
            archive.keep_from(oldest);
        }
        self.writes_since_base += writes;
        // replaying the log must not take longer than loading the base, nor bases be most of what is written
        let due = self.writes_since_base >= self.writes_per_base.max(shared.index.len() as u64 / 4);
        let begins_epoch = due && !self.beginning.swap(due, Ordering::Acquire);
        if begins_epoch {
            self.log = Some(Log::create(archive.disk.as_ref(), version, &shared.table.names())?);
            self.writes_since_base = 0;
        }
        self.archivist.send(shared, Job::Version { roots, begins_epoch })
    }
}

impl Shared {
    fn newest(&self) -> Arc<Generation> {
        self.newest.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn newest_version(&self) -> u64 {
        self.newest_version.load(Ordering::Acquire)
    }

    fn oldest_version(&self) -> u64 {
        let oldest = match &self.archive {
            Some(archive) => archive.oldest().max(1),
            None => self.forest().oldest(),
        };
        oldest.min(self.newest_version())
    }

    fn publish(&self, generation: Arc<Generation>) {
        let version = generation.version();
        *self.newest.write().unwrap_or_else(PoisonError::into_inner) = generation;
        self.newest_version.store(version, Ordering::Release);
    }

    fn forest(&self) -> MutexGuard<'_, Forest> {
        self.forest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forest_for_block(&self) -> MutexGuard<'_, Forest> {
        self.waiting.fetch_add(1, Ordering::AcqRel);
        let forest = self.forest();
        self.waiting.fetch_sub(1, Ordering::AcqRel);
        forest
    }

    /// Notes that the archive has every node of all versions up to `version`.
    fn set_archived(&self, version: u64) {
        let mut forest = self.forest();
        forest.set_archived(version);
        self.archived.store(version, Ordering::Release);
        drop(forest);
        self.archive_moved.notify_all();
    }

    /// Waits until the archive has every node of a committed version. Where there is no archive there is nothing to wait
    /// for.
    fn await_archive(&self, version: u64) -> Result<(), StoreError> {
        if self.archive.is_none() {
            return Ok(());
        }
        let mut forest = self.forest();
        while self.archived.load(Ordering::Acquire) < version {
            self.check()?;
            forest = self.archive_moved.wait(forest).unwrap_or_else(PoisonError::into_inner);
        }
        Ok(())
    }

    /// What a block is about to replace, by store position.
    fn replaced_by(&self, pending: &Pending) -> Vec<Undo> {
        let undo = |(store, writes): (usize, &Vec<_>)| self.index.replaced_by(store, writes);
        pending.writes.iter().enumerate().map(undo).collect()
    }

    fn fail(&self, error: &StoreError) {
        let _ = self.failure.set(error.clone());
        // whoever is about to wait has looked before the failure and holds the lock until it waits
        drop(self.forest());
        self.archive_moved.notify_all();
    }

    fn check(&self) -> Result<(), StoreError> {
        match self.failure.get() {
            Some(error) => Err(StoreError::Stopped { cause: error.to_string() }),
            None => Ok(()),
        }
    }
}

impl NodeFeed for Shared {
    fn with_tree(&self, store: usize, use_tree: &mut dyn FnMut(&Tree)) {
        while self.waiting.load(Ordering::Acquire) > 0 {
            thread::sleep(Duration::from_micros(50));
        }
        use_tree(self.forest().tree(store));
    }
}
