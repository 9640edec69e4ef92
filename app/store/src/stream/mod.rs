//! A version of a store as a stream of nodes: how its tree leaves one machine and is built again on another.
//!
//! Children come before their parent, left before right, as Go's iavl exports a tree. The shape of a tree depends on all
//! writes that ever made it, so it travels along: the entries alone would not give the same root.

mod build;
mod fault;
mod walk;

use bytes::Bytes;

pub use build::{BuiltTree, TreeBuilder};
pub use fault::NodeFault;
pub use walk::Walk;

/// A node as a snapshot carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotNode {
    pub key: Bytes,
    /// None for an inner node. A leaf has a value, which may be empty.
    pub value: Option<Bytes>,
    pub version: u64,
    pub height: u8,
}
