//! The multistore: all stores under one app hash and one version.

mod forest;
mod snapshot;
mod table;

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError, RwLock,
    atomic::{AtomicU64, Ordering},
};

use forest::Forest;
pub use snapshot::Snapshot;
use table::StoreTable;

use crate::{
    Changes, StoreKey,
    error::StoreError,
    index::{FlatIndex, Generation},
    proof::StoreProof,
    reader::Reader,
    tree::Hash,
};

/// Every mounted store: reads of any kept version, one version being written.
///
/// `apply` computes a block's app hash and `commit` makes the block the newest version; both are called by the one thread
/// that executes blocks. Everything else may be called from any thread at any time and never waits for a block.
pub struct MultiStore {
    shared: Arc<Shared>,
}

/// What the multistore and its snapshots have in common.
struct Shared {
    table: StoreTable,
    index: FlatIndex,
    newest: RwLock<Arc<Generation>>,
    /// The version of `newest`, for those who need no more than that.
    newest_version: AtomicU64,
    forest: Mutex<Forest>,
}

impl MultiStore {
    /// A store that lives in memory only and keeps every version.
    pub fn in_memory(keys: &[StoreKey]) -> Result<Self, StoreError> {
        let table = StoreTable::new(keys)?;
        let shared = Shared {
            index: FlatIndex::new(table.len()),
            newest: RwLock::new(Generation::new(0)),
            newest_version: AtomicU64::new(0),
            forest: Mutex::new(Forest::new(table.len())),
            table,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// The newest committed version; 0 before the first.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.shared.newest_version()
    }

    /// The app hash of the newest committed version.
    #[must_use]
    pub fn app_hash(&self) -> Hash {
        self.shared.forest().committed().app_hash
    }

    /// Writes the changes of block `version` into the trees and returns the app hash they give. Nothing that others can
    /// read changes before [`Self::commit`]; applying again replaces what was applied.
    pub fn apply<'a>(
        &self,
        version: u64,
        changes: impl IntoIterator<Item = (StoreKey, &'a Changes)>,
    ) -> Result<Hash, StoreError> {
        let mut sorted: Vec<Option<&Changes>> = vec![None; self.shared.table.len()];
        for (store, changes) in changes {
            let position = self.shared.table.position(store)?;
            sorted[position] = Some(changes);
        }
        self.shared.forest().apply(version, &sorted, &self.shared.table)
    }

    /// Makes what was applied the newest version.
    pub fn commit(&self) -> Result<u64, StoreError> {
        let mut forest = self.shared.forest();
        let writes = forest.commit()?;
        let version = forest.committed().version;
        drop(forest);

        let index = &self.shared.index;
        let undo =
            writes.iter().enumerate().map(|(store, writes)| index.replaced_by(store, writes)).collect();
        let next = Generation::new(version);
        self.shared.newest().supersede(undo, next.clone());
        for (store, writes) in writes.iter().enumerate() {
            index.write(store, writes);
        }
        *self.shared.newest.write().unwrap_or_else(PoisonError::into_inner) = next;
        self.shared.newest_version.store(version, Ordering::Release);
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
        self.shared.table.keys().iter().copied()
    }
}

impl Shared {
    fn newest(&self) -> Arc<Generation> {
        self.newest.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn newest_version(&self) -> u64 {
        self.newest_version.load(Ordering::Acquire)
    }

    fn forest(&self) -> MutexGuard<'_, Forest> {
        self.forest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
