//! Existence and absence of a key in an IAVL tree.

use ics23::{
    CommitmentProof, ExistenceProof, HashOp, InnerOp, LeafOp, LengthOp, NonExistenceProof,
    commitment_proof::Proof,
};

use crate::{
    cache::after,
    error::StoreError,
    reader::KeyRange,
    tree::{Hash, Node, NodeSource, Place, put_varint, seek},
};

const HASH_LENGTH: u8 = 32;

/// Proves that `key` is below `root`, or that it is not: by its neighbours, of which an empty tree has none.
pub fn prove_key(
    source: &dyn NodeSource,
    root: Option<Place>,
    key: &[u8],
) -> Result<CommitmentProof, StoreError> {
    let found = match root {
        Some(root) => existence(source, root, key)?,
        None => None,
    };
    let proof = match found {
        Some(existence) => Proof::Exist(existence),
        None => Proof::Nonexist(absence(source, root, key)?),
    };
    Ok(CommitmentProof { proof: Some(proof) })
}

fn absence(
    source: &dyn NodeSource,
    root: Option<Place>,
    key: &[u8],
) -> Result<NonExistenceProof, StoreError> {
    let before = KeyRange { start: bytes::Bytes::new(), end: Some(bytes::Bytes::copy_from_slice(key)) };
    let behind = KeyRange { start: after(key), end: None };
    let mut neighbours = [None, None];
    for (neighbour, (range, reverse)) in neighbours.iter_mut().zip([(before, true), (behind, false)]) {
        if let (Some(root), Some((key, _))) = (root, seek(source, root, &range, reverse)?) {
            *neighbour = existence(source, root, &key)?;
        }
    }
    let [left, right] = neighbours;
    Ok(NonExistenceProof { key: key.to_vec(), left, right })
}

fn existence(source: &dyn NodeSource, root: Place, key: &[u8]) -> Result<Option<ExistenceProof>, StoreError> {
    let mut path = Vec::new();
    let mut node = source.node(root)?;
    loop {
        node = match node {
            Node::Inner { key: separator, left, right, height, size, version, .. } => {
                let goes_left = *key < *separator;
                let (next, sibling) = if goes_left { (left, right) } else { (right, left) };
                let sibling = source.node(sibling)?.hash();
                path.push(inner_op(u64::from(height), size, version, &sibling, goes_left));
                source.node(next)?
            }
            Node::Leaf { key: found, .. } if *found != *key => return Ok(None),
            Node::Leaf { key, value, version, .. } => {
                path.reverse();
                let leaf = Some(leaf_op(version));
                return Ok(Some(ExistenceProof { key: key.to_vec(), value: value.to_vec(), leaf, path }));
            }
        };
    }
}

fn leaf_op(version: u64) -> LeafOp {
    let mut prefix = Vec::new();
    put_varint(0, &mut prefix);
    put_varint(1, &mut prefix);
    put_varint(version, &mut prefix);
    LeafOp {
        hash: HashOp::Sha256.into(),
        prehash_key: HashOp::NoHash.into(),
        prehash_value: HashOp::Sha256.into(),
        length: LengthOp::VarProto.into(),
        prefix,
    }
}

fn inner_op(height: u64, size: u64, version: u64, sibling: &Hash, child_is_left: bool) -> InnerOp {
    let mut prefix = Vec::new();
    put_varint(height, &mut prefix);
    put_varint(size, &mut prefix);
    put_varint(version, &mut prefix);
    prefix.push(HASH_LENGTH);
    let mut suffix = Vec::new();
    if child_is_left {
        suffix.push(HASH_LENGTH);
        suffix.extend_from_slice(sibling);
    } else {
        prefix.extend_from_slice(sibling);
        prefix.push(HASH_LENGTH);
    }
    InnerOp { hash: HashOp::Sha256.into(), prefix, suffix }
}
