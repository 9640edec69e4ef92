//! The multistore's root: CometBFT's simple Merkle tree (RFC 6962) over the stores' roots, sorted by store name.

use ics23::{CommitmentProof, ExistenceProof, HashOp, InnerOp, LeafOp, LengthOp, commitment_proof::Proof};

use crate::tree::{EMPTY_HASH, Hash, sha256};

const LEAF_PREFIX: u8 = 0;
const INNER_PREFIX: u8 = 1;

/// The app hash of stores that are sorted by name.
#[must_use]
pub fn root_of_stores(stores: &[(&str, Hash)]) -> Hash {
    root(&leaves(stores))
}

/// Proves the root of the store at `index` of stores that are sorted by name.
#[must_use]
pub fn prove_store(stores: &[(&str, Hash)], index: usize) -> Option<CommitmentProof> {
    let (name, store_root) = stores.get(index)?;
    let mut path = Vec::new();
    aunts(&leaves(stores), index, &mut path);
    let leaf = LeafOp {
        hash: HashOp::Sha256.into(),
        prehash_key: HashOp::NoHash.into(),
        prehash_value: HashOp::Sha256.into(),
        length: LengthOp::VarProto.into(),
        prefix: vec![LEAF_PREFIX],
    };
    let exist =
        ExistenceProof { key: name.as_bytes().to_vec(), value: store_root.to_vec(), leaf: Some(leaf), path };
    Some(CommitmentProof { proof: Some(Proof::Exist(exist)) })
}

/// Leaf hashes: name and hashed root, each behind its length (one byte: names are short).
fn leaves(stores: &[(&str, Hash)]) -> Vec<Hash> {
    let leaf = |(name, store_root): &(&str, Hash)| {
        let mut bytes = vec![LEAF_PREFIX, name.len() as u8];
        bytes.extend_from_slice(name.as_bytes());
        bytes.push(32);
        bytes.extend_from_slice(&sha256(store_root));
        sha256(&bytes)
    };
    stores.iter().map(leaf).collect()
}

fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => EMPTY_HASH,
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split_point(leaves.len()));
            let mut bytes = vec![INNER_PREFIX];
            bytes.extend_from_slice(&root(left));
            bytes.extend_from_slice(&root(right));
            sha256(&bytes)
        }
    }
}

/// The siblings on the way from a leaf up to the root.
fn aunts(leaves: &[Hash], index: usize, path: &mut Vec<InnerOp>) {
    if leaves.len() < 2 {
        return;
    }
    let split = split_point(leaves.len());
    let (left, right) = leaves.split_at(split);
    let mut prefix = vec![INNER_PREFIX];
    let mut suffix = Vec::new();
    if index < split {
        aunts(left, index, path);
        suffix.extend_from_slice(&root(right));
    } else {
        aunts(right, index - split, path);
        prefix.extend_from_slice(&root(left));
    }
    path.push(InnerOp { hash: HashOp::Sha256.into(), prefix, suffix });
}

/// The greatest power of two that is less than `length`.
fn split_point(length: usize) -> usize {
    length.next_power_of_two() / 2
}
