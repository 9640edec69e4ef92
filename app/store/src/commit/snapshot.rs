//! One version of every store, immutable while it is held.

use std::sync::Arc;

use bytes::Bytes;
use prost::Message;

use super::{Shared, forest::VersionRoots};
use crate::{
    StoreKey,
    error::StoreError,
    index::Generation,
    proof::{StoreProof, prove_key, prove_store},
    reader::{Entry, KeyRange, Reader},
    tree::{Hash, get, seek},
};

/// Above this number of versions behind the newest one, the tree is quicker to read than the index with its undo records.
const INDEX_REACH: u64 = 32;

/// A committed version. The newest ones are read from the flat index, older ones from the trees.
#[derive(Clone)]
pub struct Snapshot {
    shared: Arc<Shared>,
    version: u64,
    generation: Option<Arc<Generation>>,
}

impl Snapshot {
    pub(super) fn newest(shared: Arc<Shared>) -> Self {
        let generation = shared.newest();
        Self { version: generation.version(), generation: Some(generation), shared }
    }

    pub(super) fn at(shared: Arc<Shared>, version: u64) -> Result<Self, StoreError> {
        let generation = shared.newest();
        if generation.version() == version {
            return Ok(Self { version, generation: Some(generation), shared });
        }
        shared.forest().version(version)?;
        Ok(Self { version, generation: None, shared })
    }

    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The app hash of this version.
    pub fn app_hash(&self) -> Result<Hash, StoreError> {
        Ok(self.roots()?.app_hash)
    }

    /// The root of one store's tree.
    pub fn store_root(&self, store: StoreKey) -> Result<Hash, StoreError> {
        let position = self.shared.table.position(store)?;
        Ok(self.roots()?.stores[position].1)
    }

    /// Proves what `key` holds, or that it holds nothing.
    pub fn proof(&self, store: StoreKey, key: &[u8]) -> Result<StoreProof, StoreError> {
        let position = self.shared.table.position(store)?;
        let roots = self.roots()?;
        let named = self.shared.table.named(roots.stores.iter().map(|(_, hash)| *hash));
        let simple = prove_store(&named, position)
            .ok_or_else(|| StoreError::UnknownStore { name: store.name().to_owned() })?;
        let forest = self.shared.forest();
        let root = roots.stores[position].0.map(|root| root.place());
        let iavl = prove_key(forest.tree(position), root, key)?;
        Ok(StoreProof { iavl: iavl.encode_to_vec(), simple: simple.encode_to_vec() })
    }

    /// The value of a key, or why it cannot be read.
    pub fn try_get(&self, store: StoreKey, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        let position = self.shared.table.position(store)?;
        if let Some(generation) = self.indexed() {
            return Ok(generation.get(&self.shared.index, position, key));
        }
        let roots = self.roots()?;
        let root = roots.stores[position].0.map(|root| root.place());
        get(self.shared.forest().tree(position), root, key)
    }

    /// Whether a key is there, or why that cannot be told.
    pub fn try_has(&self, store: StoreKey, key: &[u8]) -> Result<bool, StoreError> {
        let position = self.shared.table.position(store)?;
        match self.indexed() {
            Some(generation) => Ok(generation.has(&self.shared.index, position, key)),
            None => Ok(self.try_get(store, key)?.is_some()),
        }
    }

    /// The first (or last) entry of a range, or why it cannot be read.
    pub fn try_seek(
        &self,
        store: StoreKey,
        range: &KeyRange,
        reverse: bool,
    ) -> Result<Option<Entry>, StoreError> {
        let position = self.shared.table.position(store)?;
        if let Some(generation) = self.indexed() {
            return Ok(generation.seek(&self.shared.index, position, range, reverse));
        }
        let roots = self.roots()?;
        let root = roots.stores[position].0.map(|root| root.place());
        seek(self.shared.forest().tree(position), root, range, reverse)
    }

    fn indexed(&self) -> Option<&Generation> {
        let generation = self.generation.as_deref()?;
        let behind = self.shared.newest_version().saturating_sub(self.version);
        (behind <= INDEX_REACH).then_some(generation)
    }

    fn roots(&self) -> Result<Arc<VersionRoots>, StoreError> {
        let forest = self.shared.forest();
        if forest.committed().version == self.version {
            return Ok(forest.committed().clone());
        }
        forest.version(self.version)
    }
}

impl Reader for Snapshot {
    fn get(&self, store: StoreKey, key: &[u8]) -> Option<Bytes> {
        self.try_get(store, key).ok().flatten()
    }

    fn seek(&self, store: StoreKey, range: &KeyRange, reverse: bool) -> Option<Entry> {
        self.try_seek(store, range, reverse).ok().flatten()
    }

    fn has(&self, store: StoreKey, key: &[u8]) -> bool {
        self.try_has(store, key).unwrap_or(false)
    }
}
