//! One version of every store, immutable while it is held.

use std::sync::{Arc, OnceLock, atomic::Ordering};

use bytes::Bytes;
use prost::Message;

use super::Shared;
use crate::{
    StoreKey, VersionTime,
    archive::ArchivedVersion,
    error::StoreError,
    index::Generation,
    proof::{StoreProof, prove_key, prove_store},
    reader::{Entry, KeyRange, Reader},
    tree::{Hash, NodeSource, Place, get, seek},
};

/// Above this number of versions behind the newest one, the tree is quicker to read than the index with its undo records.
const INDEX_REACH: u64 = 32;

/// A committed version. The newest ones are read from the flat index, older ones from the trees.
#[derive(Clone)]
pub struct Snapshot {
    pub(super) shared: Arc<Shared>,
    pub(super) version: u64,
    generation: Option<Arc<Generation>>,
    /// The version in the archive, once it was needed and there.
    pub(super) archived: OnceLock<Arc<ArchivedVersion>>,
}

impl Snapshot {
    pub(super) fn newest(shared: Arc<Shared>) -> Self {
        let generation = shared.newest();
        let version = generation.version();
        Self { version, generation: Some(generation), shared, archived: OnceLock::new() }
    }

    pub(super) fn at(shared: Arc<Shared>, version: u64) -> Result<Self, StoreError> {
        let newest = Self::newest(shared);
        if newest.version == version {
            return Ok(newest);
        }
        let older = Self { version, generation: None, ..newest };
        let kept = version >= older.shared.oldest_version() && older.with_roots(|_| ())?.is_some();
        if kept { Ok(older) } else { Err(older.not_kept()) }
    }

    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The app hash of this version.
    pub fn app_hash(&self) -> Result<Hash, StoreError> {
        if let Some(generation) = &self.generation {
            return Ok(generation.app_hash());
        }
        self.with_roots(|roots| roots.app_hash())?.ok_or_else(|| self.not_kept())
    }

    /// When this version's block was made.
    pub fn time(&self) -> Result<VersionTime, StoreError> {
        self.with_roots(|roots| roots.time())?.ok_or_else(|| self.not_kept())
    }

    /// The root of one store's tree.
    pub fn store_root(&self, store: StoreKey) -> Result<Hash, StoreError> {
        let position = self.shared.table.position(store)?;
        self.with_roots(|roots| roots.store(position).1)?.ok_or_else(|| self.not_kept())
    }

    /// Proves what `key` holds, or that it holds nothing.
    pub fn proof(&self, store: StoreKey, key: &[u8]) -> Result<StoreProof, StoreError> {
        let position = self.shared.table.position(store)?;
        let prove = |roots: Roots<'_>| {
            let named: Vec<(&str, Hash)> = self
                .shared
                .table
                .mounted()
                .map(|(position, key)| (key.name(), roots.store(position).1))
                .collect();
            let index = named.iter().position(|(name, _)| *name == store.name());
            let simple = index.and_then(|index| prove_store(&named, index));
            let simple = simple.ok_or_else(|| StoreError::UnknownStore { name: store.name().to_owned() })?;
            let iavl = prove_key(roots.source(position), roots.store(position).0, key)?;
            Ok(StoreProof { iavl: iavl.encode_to_vec(), simple: simple.encode_to_vec() })
        };
        self.with_roots(prove)?.unwrap_or_else(|| Err(self.not_kept()))
    }

    /// The value of a key, or why it cannot be read.
    pub fn try_get(&self, store: StoreKey, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        let position = self.shared.table.position(store)?;
        self.read(
            |generation| generation.get(&self.shared.index, position, key),
            |roots| get(roots.source(position), roots.store(position).0, key),
        )
    }

    /// Whether a key is there, or why that cannot be told.
    pub fn try_has(&self, store: StoreKey, key: &[u8]) -> Result<bool, StoreError> {
        let position = self.shared.table.position(store)?;
        self.read(
            |generation| generation.has(&self.shared.index, position, key),
            |roots| Ok(get(roots.source(position), roots.store(position).0, key)?.is_some()),
        )
    }

    /// The first (or last) entry of a range, or why it cannot be read.
    pub fn try_seek(
        &self,
        store: StoreKey,
        range: &KeyRange,
        reverse: bool,
    ) -> Result<Option<Entry>, StoreError> {
        let position = self.shared.table.position(store)?;
        self.read(
            |generation| generation.seek(&self.shared.index, position, range, reverse),
            |roots| seek(roots.source(position), roots.store(position).0, range, reverse),
        )
    }

    /// Reads from the index if this version is close to the newest one, or else from the tree. A version that was the
    /// newest when this snapshot was made can always be read from the index, only more slowly.
    fn read<T>(
        &self,
        from_index: impl Fn(&Generation) -> T,
        from_tree: impl FnOnce(Roots<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let behind = self.shared.newest_version().saturating_sub(self.version);
        let generation = self.generation.as_deref();
        if let Some(generation) = generation.filter(|_| behind <= INDEX_REACH) {
            return Ok(from_index(generation));
        }
        match (self.with_roots(from_tree)?, generation) {
            (Some(read), _) => read,
            (None, Some(generation)) => Ok(from_index(generation)),
            (None, None) => Err(self.not_kept()),
        }
    }

    /// Uses the version's roots wherever its nodes are: in the arenas until the archive has them. None if in neither.
    pub(super) fn with_roots<T>(
        &self,
        use_roots: impl FnOnce(Roots<'_>) -> T,
    ) -> Result<Option<T>, StoreError> {
        if self.archived.get().is_none() {
            let archive = self.shared.archive.as_ref();
            let written = self.version <= self.shared.archived.load(Ordering::Acquire);
            if archive.is_none() || !written {
                let forest = self.shared.forest();
                if let Some(version) = forest.version(self.version) {
                    return Ok(Some(use_roots(Roots::Arena(&forest, &version))));
                }
            }
            let Some(archive) = archive else { return Ok(None) };
            let Some(found) = archive.version(self.version)? else { return Ok(None) };
            let _ = self.archived.set(Arc::new(found));
        }
        let Some(archived) = self.archived.get() else { return Ok(None) };
        Ok(Some(use_roots(Roots::Archive(archived, &self.shared))))
    }

    pub(super) fn not_kept(&self) -> StoreError {
        let (oldest, newest) = (self.shared.oldest_version(), self.shared.newest_version());
        StoreError::NoSuchVersion { version: self.version, oldest, newest }
    }
}

/// Where a version's nodes are.
pub(super) enum Roots<'a> {
    Arena(&'a super::Forest, &'a super::VersionRoots),
    Archive(&'a ArchivedVersion, &'a Shared),
}

impl Roots<'_> {
    fn app_hash(&self) -> Hash {
        match self {
            Self::Arena(_, roots) => roots.app_hash,
            Self::Archive(version, _) => version.footer.app_hash,
        }
    }

    fn time(&self) -> VersionTime {
        match self {
            Self::Arena(_, roots) => roots.time,
            Self::Archive(version, _) => version.footer.time,
        }
    }

    pub(super) fn store(&self, position: usize) -> (Option<Place>, Hash) {
        match self {
            Self::Arena(_, roots) => {
                let (root, hash) = roots.stores[position];
                (root.map(|root| root.place()), hash)
            }
            Self::Archive(version, shared) => version.root(shared.table.name(position)),
        }
    }

    fn source(&self, position: usize) -> &dyn NodeSource {
        match self {
            Self::Arena(forest, _) => forest.tree(position),
            Self::Archive(version, _) => version.epoch.as_ref(),
        }
    }
}

impl Reader for Snapshot {
    fn get(&self, store: StoreKey, key: &[u8]) -> Option<Bytes> {
        self.readable(self.try_get(store, key)).flatten()
    }

    fn seek(&self, store: StoreKey, range: &KeyRange, reverse: bool) -> Option<Entry> {
        self.readable(self.try_seek(store, range, reverse)).flatten()
    }

    fn has(&self, store: StoreKey, key: &[u8]) -> bool {
        self.readable(self.try_has(store, key)).unwrap_or(false)
    }
}

impl Snapshot {
    /// What was read. A failing disk stops the store: nothing may be committed on the ground of a failed read.
    fn readable<T>(&self, read: Result<T, StoreError>) -> Option<T> {
        if let Err(error @ (StoreError::Disk { .. } | StoreError::Corrupt { .. })) = &read {
            self.shared.fail(error);
        }
        read.ok()
    }
}
