//! Reading a tree wherever its nodes lie: in the arena or on disk.

use bytes::Bytes;

use super::{Hash, Payload};
use crate::{
    error::StoreError,
    reader::{Entry, KeyRange},
};

/// Where a source finds a node: an id in the arena, an offset in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place(pub u64);

/// A node as read from a source.
pub enum Node {
    Leaf { key: Payload, value: Payload, version: u64, hash: Hash },
    Inner { key: Payload, left: Place, right: Place, height: u8, size: u64, version: u64, hash: Hash },
}

impl Node {
    #[must_use]
    pub fn hash(&self) -> Hash {
        match self {
            Self::Leaf { hash, .. } | Self::Inner { hash, .. } => *hash,
        }
    }
}

/// Something that holds the nodes of one or many versions of a tree.
pub trait NodeSource {
    fn node(&self, place: Place) -> Result<Node, StoreError>;
}

/// The value of a key below `root`.
pub fn get(source: &dyn NodeSource, root: Option<Place>, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
    let Some(mut place) = root else { return Ok(None) };
    loop {
        match source.node(place)? {
            Node::Inner { key: separator, left, right, .. } => {
                place = if *key < *separator { left } else { right };
            }
            Node::Leaf { key: found, value, .. } => {
                return Ok((*found == *key).then(|| Bytes::copy_from_slice(&value)));
            }
        }
    }
}

/// The first entry of a range below `root`, or the last one if `reverse`.
pub fn seek(
    source: &dyn NodeSource,
    root: Option<Place>,
    range: &KeyRange,
    reverse: bool,
) -> Result<Option<Entry>, StoreError> {
    let Some(root) = root else { return Ok(None) };
    let found = if reverse {
        last_before(source, root, range.end.as_deref())?
    } else {
        first_from(source, root, &range.start)?
    };
    Ok(found.filter(|(key, _)| range.contains(key)))
}

/// The entry with the least key that is at least `start`.
fn first_from(source: &dyn NodeSource, root: Place, start: &[u8]) -> Result<Option<Entry>, StoreError> {
    let mut place = root;
    // the subtree just right of the path: where to go on if the path ends on a smaller key
    let mut beside = None;
    loop {
        match source.node(place)? {
            Node::Inner { key, left, right, .. } => {
                if *start < *key {
                    beside = Some(right);
                    place = left;
                } else {
                    place = right;
                }
            }
            Node::Leaf { key, value, .. } if *key >= *start => return Ok(Some(entry(&key, &value))),
            Node::Leaf { .. } => match beside {
                Some(subtree) => return outermost(source, subtree, false).map(Some),
                None => return Ok(None),
            },
        }
    }
}

/// The entry with the greatest key that is less than `end`.
fn last_before(
    source: &dyn NodeSource,
    root: Place,
    end: Option<&[u8]>,
) -> Result<Option<Entry>, StoreError> {
    let Some(end) = end else { return outermost(source, root, true).map(Some) };
    let mut place = root;
    let mut beside = None;
    loop {
        match source.node(place)? {
            Node::Inner { key, left, right, .. } => {
                if *end <= *key {
                    place = left;
                } else {
                    beside = Some(left);
                    place = right;
                }
            }
            Node::Leaf { key, value, .. } if *key < *end => return Ok(Some(entry(&key, &value))),
            Node::Leaf { .. } => match beside {
                Some(subtree) => return outermost(source, subtree, true).map(Some),
                None => return Ok(None),
            },
        }
    }
}

/// The first (or last) entry of a subtree.
fn outermost(source: &dyn NodeSource, mut place: Place, last: bool) -> Result<Entry, StoreError> {
    loop {
        match source.node(place)? {
            Node::Inner { left, right, .. } => place = if last { right } else { left },
            Node::Leaf { key, value, .. } => return Ok(entry(&key, &value)),
        }
    }
}

fn entry(key: &[u8], value: &[u8]) -> Entry {
    (Bytes::copy_from_slice(key), Bytes::copy_from_slice(value))
}
