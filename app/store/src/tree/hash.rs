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
pub const UNHASHED: Hash = [0; 32];

/// How far below the root the work of hashing is divided, and into how many shares at least to divide it at all.
const TOP_LEVELS: usize = 6;
const PARALLEL_TOPS: usize = 32;

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

/// A node's header being put together: three varints and at most two hashes with their lengths.
struct Header {
    bytes: [u8; 128],
    length: usize,
}

impl Header {
    fn new(height: u64, size: u64, version: u64) -> Self {
        let mut header = Self { bytes: [0; 128], length: 0 };
        for number in [height, size, version] {
            header.put_number(number << 1);
        }
        header
    }

    fn put_number(&mut self, mut rest: u64) {
        while rest >= 0x80 {
            self.put(&[(rest as u8) | 0x80]);
            rest >>= 7;
        }
        self.put(&[rest as u8]);
    }

    fn put(&mut self, bytes: &[u8]) {
        self.bytes[self.length..self.length + bytes.len()].copy_from_slice(bytes);
        self.length += bytes.len();
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// The hash of a leaf with this key, value and version.
#[must_use]
pub fn hash_leaf(key: &[u8], value: &[u8], version: u64) -> Hash {
    let mut header = Header::new(0, 1, version);
    header.put_number(key.len() as u64);
    let hasher = Sha256::new().chain_update(header.bytes()).chain_update(key);
    hasher.chain_update([32]).chain_update(sha256(value)).finalize().into()
}

fn hash_inner(inner: &Inner, left: &Hash, right: &Hash) -> Hash {
    let mut header = Header::new(u64::from(inner.height), u64::from(inner.size), inner.version);
    for child in [left, right] {
        header.put(&[32]);
        header.put(child);
    }
    sha256(header.bytes())
}

/// New hashes of nodes, to be stored.
type Hashes = Vec<(NodeId, Hash)>;

impl Tree {
    /// Hashes what the working version wrote; returns the root's hash.
    pub fn hash(&mut self) -> Hash {
        let Some(root) = self.root else { return EMPTY_HASH };
        let tops = self.unhashed_tops(root);
        if tops.len() >= PARALLEL_TOPS {
            let below = |top: &NodeId| {
                let mut hashes = Hashes::new();
                self.hash_below(*top, &mut hashes);
                hashes
            };
            let hashes: Vec<Hashes> = tops.par_iter().map(below).collect();
            hashes.iter().for_each(|hashes| self.store_hashes(hashes));
        }
        let mut hashes = Hashes::new();
        let hash = self.hash_below(root, &mut hashes);
        self.store_hashes(&hashes);
        hash
    }

    /// Unhashed subtrees some levels below the root: shares of work, if there is much.
    fn unhashed_tops(&self, root: NodeId) -> Vec<NodeId> {
        let mut tops = vec![root];
        for _ in 0..TOP_LEVELS {
            let below = tops.iter().filter(|id| !id.is_leaf()).flat_map(|id| {
                let inner = self.inner(*id);
                [inner.left, inner.right]
            });
            tops = below.filter(|id| self.hash_of(*id) == UNHASHED).collect();
        }
        tops
    }

    /// Hashes from the leaves up, so that a parent finds its children's hashes still at hand.
    fn hash_below(&self, id: NodeId, hashes: &mut Hashes) -> Hash {
        let known = self.hash_of(id);
        if known != UNHASHED {
            return known;
        }
        let hash = if id.is_leaf() {
            let Leaf { key, value, version, .. } = self.leaf(id);
            hash_leaf(key, value, *version)
        } else {
            let inner = self.inner(id);
            let left = self.hash_below(inner.left, hashes);
            let right = self.hash_below(inner.right, hashes);
            hash_inner(inner, &left, &right)
        };
        hashes.push((id, hash));
        hash
    }

    fn store_hashes(&mut self, hashes: &Hashes) {
        for (id, hash) in hashes {
            if id.is_leaf() {
                self.leaves[id.slot()].hash = *hash;
            } else {
                self.inners[id.slot()].hash = *hash;
            }
        }
    }
}
