//! One store's IAVL tree: an arena of nodes under 32-bit ids, copied on write.
//!
//! A node of a committed version is never changed: the first write below it in a new version copies it. So a root that
//! was committed stays readable until the nodes that later versions replaced (its orphans) are given back to the arena.

mod hash;
mod node;
mod view;
mod write;

#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use hash::{EMPTY_HASH, Hash, UNHASHED, hash_leaf, put_varint, sha256};
pub use node::{Inner, Leaf, NodeId};
pub use view::{Node, NodeSource, Place, get, seek};
pub use write::Write;

use crate::error::StoreError;

/// Key and value bytes, shared between tree, index and undo records.
pub type Payload = Arc<[u8]>;

/// A tree with at most one version being written.
pub struct Tree {
    leaves: Vec<Leaf>,
    inners: Vec<Inner>,
    free_leaves: Vec<NodeId>,
    free_inners: Vec<NodeId>,
    committed: Option<NodeId>,
    root: Option<NodeId>,
    version: u64,
    /// Nodes of committed versions that the working version no longer reaches.
    orphans: Vec<NodeId>,
    empty: Payload,
}

impl Default for Tree {
    fn default() -> Self {
        Self {
            leaves: Vec::new(),
            inners: Vec::new(),
            free_leaves: Vec::new(),
            free_inners: Vec::new(),
            committed: None,
            root: None,
            version: 0,
            orphans: Vec::new(),
            empty: Payload::from(&[][..]),
        }
    }
}

impl Tree {
    /// Starts writing `version`, on the last committed root.
    pub fn begin(&mut self, version: u64) {
        self.discard();
        self.version = version;
    }

    /// The root being written, or the committed one if nothing was written.
    #[must_use]
    pub fn root(&self) -> Option<NodeId> {
        self.root
    }

    /// Makes the working root the committed one; returns the nodes that only older versions reach.
    pub fn commit(&mut self) -> Vec<NodeId> {
        self.committed = self.root;
        std::mem::take(&mut self.orphans)
    }

    /// Forgets what was written since the last commit.
    pub fn discard(&mut self) {
        if self.root != self.committed {
            let mut pending: Vec<NodeId> = self.root.into_iter().collect();
            while let Some(id) = pending.pop() {
                if !self.is_fresh(id) {
                    continue;
                }
                if !id.is_leaf() {
                    let inner = self.inner(id);
                    pending.extend([inner.left, inner.right]);
                }
                self.free(id);
            }
        }
        self.root = self.committed;
        self.orphans.clear();
    }

    /// Gives slots back; no root that is still read may reach them.
    pub fn release(&mut self, ids: &[NodeId]) {
        for id in ids {
            self.free(*id);
        }
    }

    /// Bytes as the tree keeps them; empty ones, which are many, share one copy.
    #[must_use]
    pub fn payload(&self, bytes: &[u8]) -> Payload {
        if bytes.is_empty() { self.empty.clone() } else { Payload::from(bytes) }
    }

    /// Number of nodes in use.
    #[cfg(test)]
    pub fn live_nodes(&self) -> usize {
        let leaves = self.leaves.len() - self.free_leaves.len();
        leaves + self.inners.len() - self.free_inners.len()
    }

    #[must_use]
    pub fn leaf(&self, id: NodeId) -> &Leaf {
        &self.leaves[id.slot()]
    }

    #[must_use]
    pub fn inner(&self, id: NodeId) -> &Inner {
        &self.inners[id.slot()]
    }

    /// A leaf made elsewhere: on disk, on another machine.
    pub fn load_leaf(&mut self, leaf: Leaf) -> NodeId {
        self.put_leaf(leaf)
    }

    /// An inner node made elsewhere.
    pub fn load_inner(&mut self, inner: Inner) -> NodeId {
        self.put_inner(inner)
    }

    /// Takes `root`, made of loaded nodes, as the committed root.
    pub fn load_root(&mut self, root: Option<NodeId>) {
        self.committed = root;
        self.root = root;
    }

    #[must_use]
    pub fn version_of(&self, id: NodeId) -> u64 {
        if id.is_leaf() { self.leaf(id).version } else { self.inner(id).version }
    }

    #[must_use]
    pub fn hash_of(&self, id: NodeId) -> Hash {
        if id.is_leaf() { self.leaf(id).hash } else { self.inner(id).hash }
    }

    #[must_use]
    pub fn height(&self, id: NodeId) -> u8 {
        if id.is_leaf() { 0 } else { self.inner(id).height }
    }

    #[must_use]
    pub fn size(&self, id: NodeId) -> u32 {
        if id.is_leaf() { 1 } else { self.inner(id).size }
    }

    /// Written in the working version, so it may be changed in place.
    fn is_fresh(&self, id: NodeId) -> bool {
        self.version_of(id) == self.version
    }

    fn put_leaf(&mut self, leaf: Leaf) -> NodeId {
        if let Some(id) = self.free_leaves.pop() {
            self.leaves[id.slot()] = leaf;
            return id;
        }
        self.leaves.push(leaf);
        NodeId::leaf(self.leaves.len() - 1)
    }

    fn put_inner(&mut self, inner: Inner) -> NodeId {
        if let Some(id) = self.free_inners.pop() {
            self.inners[id.slot()] = inner;
            return id;
        }
        self.inners.push(inner);
        NodeId::inner(self.inners.len() - 1)
    }

    fn free(&mut self, id: NodeId) {
        if id.is_leaf() {
            let leaf = &mut self.leaves[id.slot()];
            leaf.value = self.empty.clone();
            leaf.key = self.empty.clone();
            self.free_leaves.push(id);
        } else {
            self.inners[id.slot()].key = self.empty.clone();
            self.free_inners.push(id);
        }
    }
}

impl NodeSource for Tree {
    fn node(&self, place: Place) -> Result<Node, StoreError> {
        let id = NodeId::from_place(place);
        Ok(if id.is_leaf() {
            let leaf = self.leaf(id);
            Node::Leaf {
                key: leaf.key.clone(),
                value: leaf.value.clone(),
                version: leaf.version,
                hash: leaf.hash,
            }
        } else {
            let inner = self.inner(id);
            Node::Inner {
                key: inner.key.clone(),
                left: inner.left.place(),
                right: inner.right.place(),
                height: inner.height,
                size: u64::from(inner.size),
                version: inner.version,
                hash: inner.hash,
            }
        })
    }
}
