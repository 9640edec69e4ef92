//! A committed version as a stream of nodes.

use std::{collections::VecDeque, sync::Arc};

use super::{Shared, Snapshot};
use crate::{
    StoreKey,
    archive::{ArchivedVersion, NodeFeed},
    error::StoreError,
    stream::{SnapshotNode, Walk},
};

/// Nodes read while the arenas are held.
const TURN: usize = 1024;

/// The nodes of one store, read as they are asked for.
struct Nodes {
    source: Source,
    walk: Walk,
}

/// Where the nodes are.
enum Source {
    Archive(Arc<ArchivedVersion>),
    /// A store in memory never gives a node up.
    Arena {
        shared: Arc<Shared>,
        position: usize,
        read: VecDeque<Result<SnapshotNode, StoreError>>,
    },
}

impl Snapshot {
    /// Every node of a store's tree at this version: children before their parent, left before right.
    ///
    /// On disk they come from the archive, which holds up nobody; if it does not have the version yet, this waits for it. The
    /// version then stays readable while the snapshot or what is returned here is held, also if it is pruned meanwhile.
    pub fn nodes(
        &self,
        store: StoreKey,
    ) -> Result<impl Iterator<Item = Result<SnapshotNode, StoreError>> + Send + use<>, StoreError> {
        let position = self.shared.table.position(store)?;
        self.shared.await_archive(self.version)?;
        let root = self.with_roots(|roots| roots.store(position).0)?.ok_or_else(|| self.not_kept())?;
        let source = match self.archived.get() {
            Some(archived) => Source::Archive(archived.clone()),
            None => Source::Arena { shared: self.shared.clone(), position, read: VecDeque::new() },
        };
        Ok(Nodes { source, walk: Walk::new(root) })
    }
}

impl Iterator for Nodes {
    type Item = Result<SnapshotNode, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let Self { source, walk } = self;
        match source {
            Source::Archive(version) => walk.next(version.epoch.as_ref()),
            Source::Arena { shared, position, read } => {
                if read.is_empty() {
                    shared.with_tree(*position, &mut |tree| {
                        read.extend(std::iter::from_fn(|| walk.next(tree)).take(TURN));
                    });
                }
                read.pop_front()
            }
        }
    }
}
