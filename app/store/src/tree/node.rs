//! Arena nodes and their ids.

use super::{Hash, Payload, Place};

const LEAF_BIT: u32 = 1 << 31;

/// A node's slot; the highest bit tells leaves from inner nodes, which lie in separate arenas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeId(u32);

impl NodeId {
    pub(super) fn leaf(slot: usize) -> Self {
        Self(Self::checked(slot) | LEAF_BIT)
    }

    pub(super) fn inner(slot: usize) -> Self {
        Self(Self::checked(slot))
    }

    #[must_use]
    pub fn is_leaf(self) -> bool {
        self.0 & LEAF_BIT != 0
    }

    #[must_use]
    pub fn slot(self) -> usize {
        (self.0 & !LEAF_BIT) as usize
    }

    #[must_use]
    pub fn place(self) -> Place {
        Place(u64::from(self.0))
    }

    #[must_use]
    pub(super) fn from_place(place: Place) -> Self {
        Self(u32::try_from(place.0).unwrap_or(u32::MAX))
    }

    /// Two thousand million nodes need 150 GiB of memory: the machine ends before the ids do.
    fn checked(slot: usize) -> u32 {
        match u32::try_from(slot) {
            Ok(slot) if slot < LEAF_BIT => slot,
            _ => unreachable!("a store of more than 2^31 nodes does not fit into memory"),
        }
    }
}

/// A key and its value, with the version that last wrote it.
#[derive(Clone)]
pub struct Leaf {
    pub key: Payload,
    pub value: Payload,
    pub version: u64,
    pub hash: Hash,
}

/// An inner node; `key` is the least key of its right subtree.
#[derive(Clone)]
pub struct Inner {
    pub key: Payload,
    /// The first bytes of `key`, see [`crate::cache::key_prefix`].
    pub prefix: u64,
    pub left: NodeId,
    pub right: NodeId,
    pub size: u32,
    pub height: u8,
    pub version: u64,
    pub hash: Hash,
}
