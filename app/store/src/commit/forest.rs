//! The trees of all stores, and the version being written into them.

use std::{collections::BTreeMap, sync::Arc};

use rayon::prelude::*;

use super::table::StoreTable;
use crate::{
    Changes,
    error::StoreError,
    index::IndexWrite,
    tree::{EMPTY_HASH, Hash, NodeId, NodeSource, Payload, Tree},
};

/// Below this number of writes in a block one thread is faster than several.
const PARALLEL_FROM: usize = 256;

/// The roots of one version.
pub struct VersionRoots {
    pub version: u64,
    pub app_hash: Hash,
    /// Root and root hash by store position.
    pub stores: Vec<(Option<NodeId>, Hash)>,
}

struct Pending {
    roots: VersionRoots,
    writes: Vec<Vec<IndexWrite>>,
}

pub struct Forest {
    trees: Vec<Tree>,
    pending: Option<Pending>,
    committed: Arc<VersionRoots>,
    /// The versions whose nodes are all in the arenas.
    versions: BTreeMap<u64, Arc<VersionRoots>>,
}

impl Forest {
    pub fn new(stores: usize) -> Self {
        let roots =
            VersionRoots { version: 0, app_hash: EMPTY_HASH, stores: vec![(None, EMPTY_HASH); stores] };
        Self {
            trees: (0..stores).map(|_| Tree::default()).collect(),
            pending: None,
            committed: Arc::new(roots),
            versions: BTreeMap::new(),
        }
    }

    pub fn committed(&self) -> &Arc<VersionRoots> {
        &self.committed
    }

    pub fn version(&self, version: u64) -> Result<Arc<VersionRoots>, StoreError> {
        let found = self.versions.get(&version).cloned();
        found.ok_or_else(|| StoreError::NoSuchVersion {
            version,
            oldest: self.versions.keys().next().copied().unwrap_or(0),
            newest: self.committed.version,
        })
    }

    pub fn tree(&self, store: usize) -> &dyn NodeSource {
        &self.trees[store]
    }

    pub fn apply(
        &mut self,
        version: u64,
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
        let writes: Vec<Vec<IndexWrite>> = if total < PARALLEL_FROM {
            self.trees.iter_mut().zip(changes).map(write).collect()
        } else {
            self.trees.par_iter_mut().zip(changes).map(write).collect()
        };
        let stores: Vec<_> = self.trees.iter_mut().map(|tree| (tree.root(), tree.hash())).collect();
        let app_hash = table.app_hash(stores.iter().map(|(_, hash)| *hash));
        self.pending = Some(Pending { roots: VersionRoots { version, app_hash, stores }, writes });
        Ok(app_hash)
    }

    pub fn commit(&mut self) -> Result<Vec<Vec<IndexWrite>>, StoreError> {
        let committed = self.committed.version;
        let Pending { roots, writes } =
            self.pending.take().ok_or(StoreError::NothingApplied { committed })?;
        for tree in &mut self.trees {
            tree.commit();
        }
        self.committed = Arc::new(roots);
        self.versions.insert(self.committed.version, self.committed.clone());
        Ok(writes)
    }
}

fn write_store(tree: &mut Tree, version: u64, changes: Option<&Changes>) -> Vec<IndexWrite> {
    tree.begin(version);
    let write = |(key, value): (&bytes::Bytes, &Option<bytes::Bytes>)| {
        let value = value.as_ref().map(|value| Payload::from(&value[..]));
        let inserted = match &value {
            Some(value) => tree.set(key, value.clone()),
            None => {
                tree.remove(key);
                None
            }
        };
        IndexWrite { key: key.clone(), inserted, value }
    };
    changes.into_iter().flatten().map(write).collect()
}
