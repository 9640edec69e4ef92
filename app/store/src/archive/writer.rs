//! Appending sections to an epoch.

use std::sync::Arc;

use super::{
    HEIGHTS, TREE,
    epoch::{ENTRY_LENGTH, Epoch, encode_entry},
    format::{Footer, FooterStore, put_inner, put_leaf},
};
use crate::{
    VersionTime,
    disk::{Disk, UNFINISHED, file_name},
    error::StoreError,
    tree::{Hash, NodeId, Place, Tree},
};

pub const MAGIC: &[u8; 8] = b"iztree\0\x02";

/// Bytes collected before they are written.
const BLOCK: usize = 1 << 20;

/// Nodes encoded while the trees are held.
const SLICE: usize = 1024;

/// Lends a tree for a moment; whoever waits for it longer gets his turn between two loans.
pub trait NodeFeed {
    fn with_tree(&self, store: usize, use_tree: &mut dyn FnMut(&Tree));
}

/// Trees that nobody else uses.
impl NodeFeed for Vec<Tree> {
    fn with_tree(&self, store: usize, use_tree: &mut dyn FnMut(&Tree)) {
        use_tree(&self[store]);
    }
}

/// The roots of a version to be written.
pub struct SectionRoots<'a> {
    pub version: u64,
    pub time: VersionTime,
    pub app_hash: Hash,
    /// Position, name, root and root hash of the mounted stores.
    pub stores: &'a [(usize, &'a str, Option<NodeId>, Hash)],
}

/// Where the nodes in one tree's arena lie in the file, by slot.
#[derive(Default)]
struct Places {
    leaves: Vec<u64>,
    inners: Vec<u64>,
}

/// The epoch being appended to.
pub struct EpochWriter {
    pub epoch: Arc<Epoch>,
    end: u64,
    places: Vec<Places>,
    buffer: Vec<u8>,
    crc: crc32fast::Hasher,
}

impl EpochWriter {
    /// Writes a new epoch whose base is the given version, with all of its nodes; durable when this returns.
    pub fn create(
        disk: &dyn Disk,
        feed: &dyn NodeFeed,
        stores: usize,
        roots: &SectionRoots<'_>,
    ) -> Result<Self, StoreError> {
        let base = roots.version;
        let (tree_name, heights_name) = (file_name(TREE, base), file_name(HEIGHTS, base));
        let unfinished = format!("{tree_name}{UNFINISHED}");
        let failed = |name: &str| {
            let name = name.to_owned();
            move |error| StoreError::disk("cannot write", name, error)
        };
        let heights = disk.create(&heights_name).map_err(failed(&heights_name))?;
        let tree = disk.create(&unfinished).map_err(failed(&unfinished))?;
        tree.write_at(MAGIC, 0).map_err(failed(&unfinished))?;
        let epoch = Arc::new(Epoch { base, tree, heights });
        let mut writer = Self::resume(epoch, MAGIC.len() as u64, stores);
        writer.write_section(feed, roots, None)?;
        writer.sync()?;
        disk.sync_directory().map_err(failed(&heights_name))?;
        disk.rename(&unfinished, &tree_name).map_err(failed(&tree_name))?;
        Ok(writer)
    }

    /// Goes on with an epoch at `end`; the places of its nodes are told by [`Self::learn`].
    pub fn resume(epoch: Arc<Epoch>, end: u64, stores: usize) -> Self {
        let places = (0..stores).map(|_| Places::default()).collect();
        Self { epoch, end, places, buffer: Vec::new(), crc: crc32fast::Hasher::new() }
    }

    /// Notes where a node lies.
    pub fn learn(&mut self, store: usize, id: NodeId, place: u64) {
        let places = &mut self.places[store];
        let list = if id.is_leaf() { &mut places.leaves } else { &mut places.inners };
        if list.len() <= id.slot() {
            list.resize(id.slot() + 1, 0);
        }
        list[id.slot()] = place;
    }

    /// Appends the nodes that a version added.
    pub fn append(&mut self, feed: &dyn NodeFeed, roots: &SectionRoots<'_>) -> Result<(), StoreError> {
        self.write_section(feed, roots, Some(roots.version))
    }

    /// Makes the epoch durable.
    pub fn sync(&self) -> Result<(), StoreError> {
        let synced = self.epoch.tree.sync().and_then(|()| self.epoch.heights.sync());
        synced.map_err(|error| StoreError::disk("cannot sync", self.epoch.tree_name(), error))
    }

    fn write_section(
        &mut self,
        feed: &dyn NodeFeed,
        roots: &SectionRoots<'_>,
        only: Option<u64>,
    ) -> Result<(), StoreError> {
        let start = self.end;
        self.crc = crc32fast::Hasher::new();
        let mut stores = Vec::new();
        for (store, name, root, hash) in roots.stores {
            if let Some(root) = root {
                self.write_nodes(feed, *store, *root, only)?;
            }
            let root = root.map(|root| Place(self.place(*store, root)));
            stores.push(FooterStore { name: (*name).to_owned(), root, hash: *hash });
        }
        self.flush()?;
        let crc = std::mem::take(&mut self.crc).finalize();
        let SectionRoots { version, time, app_hash, .. } = *roots;
        let footer = Footer { version, time, app_hash, start, crc, stores }.encode();
        let entry = encode_entry(self.end, &footer);
        let offset = (version - self.epoch.base) * ENTRY_LENGTH;
        let failed = |error| StoreError::disk("cannot write", self.epoch.tree_name(), error);
        self.epoch.tree.write_at(&footer, self.end).map_err(failed)?;
        self.epoch.heights.write_at(&entry, offset).map_err(failed)?;
        self.end += footer.len() as u64;
        Ok(())
    }

    /// Writes the nodes below `root`, children first; those of other versions than `only` are already there.
    fn write_nodes(
        &mut self,
        feed: &dyn NodeFeed,
        store: usize,
        root: NodeId,
        only: Option<u64>,
    ) -> Result<(), StoreError> {
        let mut pending = vec![(root, false)];
        while !pending.is_empty() {
            feed.with_tree(store, &mut |tree| {
                for _ in 0..SLICE {
                    let Some((id, children_written)) = pending.pop() else { return };
                    if only.is_some_and(|version| tree.version_of(id) != version) {
                        continue;
                    }
                    if children_written || id.is_leaf() {
                        self.put(store, tree, id);
                    } else {
                        let inner = tree.inner(id);
                        pending.extend([(id, true), (inner.right, false), (inner.left, false)]);
                    }
                }
            });
            if self.buffer.len() >= BLOCK {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn put(&mut self, store: usize, tree: &Tree, id: NodeId) {
        let here = self.end + self.buffer.len() as u64;
        if id.is_leaf() {
            put_leaf(tree.leaf(id), &mut self.buffer);
        } else {
            let inner = tree.inner(id);
            let (left, right) = (self.place(store, inner.left), self.place(store, inner.right));
            put_inner(inner, here, left, right, &mut self.buffer);
        }
        self.learn(store, id, here);
    }

    fn place(&self, store: usize, id: NodeId) -> u64 {
        let places = &self.places[store];
        if id.is_leaf() { places.leaves[id.slot()] } else { places.inners[id.slot()] }
    }

    fn flush(&mut self) -> Result<(), StoreError> {
        let written = self.epoch.tree.write_at(&self.buffer, self.end);
        written.map_err(|error| StoreError::disk("cannot write", self.epoch.tree_name(), error))?;
        self.crc.update(&self.buffer);
        self.end += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }
}
