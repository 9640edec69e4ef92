//! The trees of all stores, and the version being written into them.

use std::{collections::BTreeMap, sync::Arc};

use bytes::Bytes;
use rayon::prelude::*;

use super::table::StoreTable;
use crate::{
    Changes, VersionTime,
    error::StoreError,
    tree::{EMPTY_HASH, Hash, NodeId, Tree, Write},
};

/// Below this number of writes in a block one thread is faster than several.
const PARALLEL_FROM: usize = 256;

/// The roots of one version.
pub struct VersionRoots {
    pub version: u64,
    pub time: VersionTime,
    pub app_hash: Hash,
    /// Root and root hash by store position.
    pub stores: Vec<(Option<NodeId>, Hash)>,
}

impl VersionRoots {
    /// Before the first block.
    pub fn empty(stores: usize) -> Self {
        Self {
            version: 0,
            time: VersionTime::default(),
            app_hash: EMPTY_HASH,
            stores: vec![(None, EMPTY_HASH); stores],
        }
    }
}

/// A block that was applied and not committed.
pub struct Pending {
    pub roots: VersionRoots,
    /// By store position.
    pub writes: Vec<Vec<Write>>,
}

impl Pending {
    pub fn write_count(&self) -> usize {
        self.writes.iter().map(Vec::len).sum()
    }
}

/// Every tree, with the nodes of the versions that are not in the archive yet.
pub struct Forest {
    trees: Vec<Tree>,
    pending: Option<Pending>,
    committed: Arc<VersionRoots>,
    /// The versions whose nodes are all in the arenas.
    versions: BTreeMap<u64, Arc<VersionRoots>>,
    /// By version and store: the nodes that this version no longer reaches.
    orphans: BTreeMap<u64, Vec<Vec<NodeId>>>,
    /// The last version of which the archive has every node; without an archive no node is ever given up.
    archived: Option<u64>,
}

impl Forest {
    /// Trees whose committed roots are those given. Where there is no archive, `archived` is none.
    pub fn new(trees: Vec<Tree>, committed: VersionRoots, archived: Option<u64>) -> Self {
        let committed = Arc::new(committed);
        let (mut versions, orphans) = (BTreeMap::new(), BTreeMap::new());
        if archived.is_none() && committed.version > 0 {
            versions.insert(committed.version, committed.clone());
        }
        Self { trees, pending: None, committed, versions, orphans, archived }
    }

    /// Fails if there is any version, committed or applied.
    pub fn require_empty(&self) -> Result<(), StoreError> {
        let version = self.committed.version;
        if version == 0 && self.pending.is_none() { Ok(()) } else { Err(StoreError::NotEmpty { version }) }
    }

    pub fn committed(&self) -> &Arc<VersionRoots> {
        &self.committed
    }

    /// The roots of a version whose nodes are all in the arenas.
    pub fn version(&self, version: u64) -> Option<Arc<VersionRoots>> {
        if version == self.committed.version {
            return Some(self.committed.clone());
        }
        self.versions.get(&version).cloned()
    }

    /// The oldest version whose nodes are all in the arenas.
    pub fn oldest(&self) -> u64 {
        self.versions.keys().next().copied().unwrap_or(self.committed.version)
    }

    pub fn tree(&self, store: usize) -> &Tree {
        &self.trees[store]
    }

    pub fn apply(
        &mut self,
        version: u64,
        time: VersionTime,
        changes: &[Option<&Changes>],
        table: &StoreTable,
    ) -> Result<Hash, StoreError> {
        let committed = self.committed.version;
        // the first version is the chain's initial height, whatever that is
        if version == 0 || (committed != 0 && version != committed + 1) {
            return Err(StoreError::OutOfOrder { committed, got: version });
        }
        let write = |(tree, changes): (&mut Tree, &Option<&Changes>)| write_store(tree, version, *changes);
        let total: usize = changes.iter().flatten().map(|changes| changes.len()).sum();
        let writes: Vec<Vec<Write>> = if total < PARALLEL_FROM {
            self.trees.iter_mut().zip(changes).map(write).collect()
        } else {
            self.trees.par_iter_mut().zip(changes).map(write).collect()
        };
        let stores: Vec<_> = self.trees.iter_mut().map(|tree| (tree.root(), tree.hash())).collect();
        let hashes: Vec<Hash> = stores.iter().map(|(_, hash)| *hash).collect();
        let app_hash = table.app_hash(&hashes);
        self.pending = Some(Pending { roots: VersionRoots { version, time, app_hash, stores }, writes });
        Ok(app_hash)
    }

    /// Hands out what was applied, for it to be logged and then committed.
    pub fn take_pending(&mut self) -> Result<Pending, StoreError> {
        self.pending.take().ok_or(StoreError::NothingApplied { committed: self.committed.version })
    }

    /// Makes the applied version the committed one.
    pub fn commit(&mut self, roots: VersionRoots) -> Arc<VersionRoots> {
        let version = roots.version;
        let orphans = self.trees.iter_mut().map(Tree::commit).collect();
        self.orphans.insert(version, orphans);
        self.committed = Arc::new(roots);
        self.versions.insert(version, self.committed.clone());
        self.release();
        self.committed.clone()
    }

    /// Notes that the archive has every node of all versions up to `version`.
    pub fn set_archived(&mut self, version: u64) {
        self.archived = Some(version);
        self.versions = self.versions.split_off(&(version + 1));
        self.release();
    }

    /// Gives up the nodes that only archived versions reach.
    fn release(&mut self) {
        let Some(archived) = self.archived else { return };
        while let Some(oldest) = self.orphans.first_entry() {
            // a node that version v no longer reaches belongs to versions before v
            if *oldest.key() > archived + 1 {
                return;
            }
            for (tree, orphans) in self.trees.iter_mut().zip(oldest.remove()) {
                tree.release(&orphans);
            }
        }
    }
}

fn write_store(tree: &mut Tree, version: u64, changes: Option<&Changes>) -> Vec<Write> {
    tree.begin(version);
    let write = |(key, value): (&Bytes, &Option<Bytes>)| {
        let value = value.as_ref().map(|value| tree.payload(value));
        Write { key: key.clone(), value, inserted: None }
    };
    let mut writes: Vec<Write> =
        changes.map(|changes| changes.iter().map(write).collect()).unwrap_or_default();
    tree.write_all(&mut writes);
    writes
}
