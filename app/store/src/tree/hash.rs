//! Node hashes: SHA-256 over zig-zag varints of height, size and version, then key and value hash or both children.

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::{Inner, Leaf, NodeId, Tree};

pub type Hash = [u8; 32];

/// The root of a tree without keys: SHA-256 of nothing.
pub const EMPTY_HASH: Hash = [
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27,
    0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
];

/// Stands where a hash is still to be computed.
pub(super) const UNHASHED: Hash = [0; 32];

/// Below this number of nodes one thread is faster than several.
const PARALLEL_FROM: usize = 512;

#[must_use]
pub fn sha256(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// Appends a zig-zag varint, as Go's `binary.PutVarint` does for numbers that are not negative.
pub fn put_varint(number: u64, out: &mut Vec<u8>) {
    let mut rest = number << 1;
    while rest >= 0x80 {
        out.push((rest as u8) | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

/// Appends an unsigned varint.
fn put_length(mut rest: usize, out: &mut Vec<u8>) {
    while rest >= 0x80 {
        out.push((rest as u8) | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

/// The hash of a leaf with this key, value and version.
#[must_use]
pub fn hash_leaf(key: &[u8], value: &[u8], version: u64) -> Hash {
    let mut bytes = Vec::with_capacity(64 + key.len());
    put_varint(0, &mut bytes);
    put_varint(1, &mut bytes);
    put_varint(version, &mut bytes);
    put_length(key.len(), &mut bytes);
    bytes.extend_from_slice(key);
    bytes.push(32);
    bytes.extend_from_slice(&sha256(value));
    sha256(&bytes)
}

fn hash_inner(inner: &Inner, left: &Hash, right: &Hash) -> Hash {
    let mut bytes = Vec::with_capacity(96);
    put_varint(u64::from(inner.height), &mut bytes);
    put_varint(u64::from(inner.size), &mut bytes);
    put_varint(inner.version, &mut bytes);
    bytes.push(32);
    bytes.extend_from_slice(left);
    bytes.push(32);
    bytes.extend_from_slice(right);
    sha256(&bytes)
}

impl Tree {
    /// Hashes what the working version wrote, lowest nodes first and each level in parallel; returns the root's hash.
    pub fn hash(&mut self) -> Hash {
        let Some(root) = self.root else { return EMPTY_HASH };
        if self.hash_of(root) == UNHASHED {
            for (height, level) in self.unhashed_by_height(root).into_iter().enumerate() {
                if height == 0 { self.hash_leaves(&level) } else { self.hash_inners(&level) }
            }
        }
        self.hash_of(root)
    }

    fn unhashed_by_height(&self, root: NodeId) -> Vec<Vec<NodeId>> {
        let mut levels = vec![Vec::new(); usize::from(self.height(root)) + 1];
        let mut pending = vec![root];
        while let Some(id) = pending.pop() {
            if self.hash_of(id) != UNHASHED {
                continue;
            }
            levels[usize::from(self.height(id))].push(id);
            if !id.is_leaf() {
                let inner = self.inner(id);
                pending.extend([inner.left, inner.right]);
            }
        }
        levels
    }

    fn hash_leaves(&mut self, level: &[NodeId]) {
        let hash = |id: &NodeId| {
            let Leaf { key, value, version, .. } = self.leaf(*id);
            hash_leaf(key, value, *version)
        };
        let hashes = map_all(level, hash);
        for (id, hash) in level.iter().zip(hashes) {
            self.leaves[id.slot()].hash = hash;
        }
    }

    fn hash_inners(&mut self, level: &[NodeId]) {
        let hash = |id: &NodeId| {
            let inner = self.inner(*id);
            hash_inner(inner, &self.hash_of(inner.left), &self.hash_of(inner.right))
        };
        let hashes = map_all(level, hash);
        for (id, hash) in level.iter().zip(hashes) {
            self.inners[id.slot()].hash = hash;
        }
    }
}

fn map_all(ids: &[NodeId], hash: impl Fn(&NodeId) -> Hash + Sync + Send) -> Vec<Hash> {
    if ids.len() < PARALLEL_FROM {
        ids.iter().map(hash).collect()
    } else {
        ids.par_iter().with_min_len(PARALLEL_FROM / 2).map(hash).collect()
    }
}
