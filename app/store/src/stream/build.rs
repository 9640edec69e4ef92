//! From nodes in order to the tree.

use super::{NodeFault, SnapshotNode};
use crate::{
    cache::key_prefix,
    tree::{Inner, Leaf, NodeId, Payload, Tree, UNHASHED},
};

/// How much higher one side of a node may be than the other.
const GREATEST_LEAN: u8 = 1;

/// One store's tree while its nodes come in. Every node is checked as it comes; one that is refused changes nothing.
pub struct TreeBuilder {
    tree: Tree,
    /// The version of the snapshot: no node has a later one.
    newest: u64,
    entries: Vec<(Payload, Payload)>,
    /// The subtrees that have no parent yet, from left to right.
    subtrees: Vec<Subtree>,
}

/// A tree that is whole, not hashed yet, and its entries in key order.
pub struct BuiltTree {
    pub tree: Tree,
    pub entries: Vec<(Payload, Payload)>,
}

struct Subtree {
    root: NodeId,
    /// Its least key, in the bytes of its leaf.
    least: Payload,
}

impl TreeBuilder {
    pub fn new(newest: u64) -> Self {
        Self { tree: Tree::default(), newest, entries: Vec::new(), subtrees: Vec::new() }
    }

    pub fn add(&mut self, node: &SnapshotNode) -> Result<(), NodeFault> {
        if node.version == 0 || node.version > self.newest {
            return Err(NodeFault::Version { got: node.version, newest: self.newest });
        }
        if node.height == 0 { self.add_leaf(node) } else { self.add_inner(node) }
    }

    /// The tree, or how many subtrees are still without a parent.
    pub fn finish(mut self) -> Result<BuiltTree, usize> {
        if self.subtrees.len() > 1 {
            return Err(self.subtrees.len());
        }
        self.tree.load_root(self.subtrees.pop().map(|subtree| subtree.root));
        Ok(BuiltTree { tree: self.tree, entries: self.entries })
    }

    fn add_leaf(&mut self, node: &SnapshotNode) -> Result<(), NodeFault> {
        let value = node.value.as_ref().ok_or(NodeFault::ValueMissing)?;
        if self.entries.last().is_some_and(|(last, _)| **last >= *node.key) {
            return Err(NodeFault::KeyOrder);
        }
        let (key, value) = (Payload::from(&node.key[..]), self.tree.payload(value));
        self.entries.push((key.clone(), value.clone()));
        let leaf = Leaf { key: key.clone(), value, version: node.version, hash: UNHASHED };
        let root = self.tree.load_leaf(leaf);
        self.subtrees.push(Subtree { root, least: key });
        Ok(())
    }

    fn add_inner(&mut self, node: &SnapshotNode) -> Result<(), NodeFault> {
        if node.value.is_some() {
            return Err(NodeFault::ValueOfInner);
        }
        let [.., left, right] = &self.subtrees[..] else { return Err(NodeFault::ChildrenMissing) };
        let tree = &self.tree;
        let (left_height, right_height) = (tree.height(left.root), tree.height(right.root));
        if left_height.max(right_height).checked_add(1) != Some(node.height) {
            return Err(NodeFault::Height { got: node.height, left: left_height, right: right_height });
        }
        if left_height.abs_diff(right_height) > GREATEST_LEAN {
            return Err(NodeFault::Unbalanced { left: left_height, right: right_height });
        }
        if *right.least != *node.key {
            return Err(NodeFault::Separator);
        }
        // whoever writes a node writes all nodes above it
        let child = tree.version_of(left.root).max(tree.version_of(right.root));
        if node.version < child {
            return Err(NodeFault::OlderThanChild { got: node.version, child });
        }
        let inner = Inner {
            prefix: key_prefix(&right.least),
            key: right.least.clone(),
            left: left.root,
            right: right.root,
            // ids of nodes end before this number does
            size: tree.size(left.root).saturating_add(tree.size(right.root)),
            height: node.height,
            version: node.version,
            hash: UNHASHED,
        };
        let root = self.tree.load_inner(inner);
        self.subtrees.pop();
        if let Some(subtree) = self.subtrees.last_mut() {
            subtree.root = root;
        }
        Ok(())
    }
}
