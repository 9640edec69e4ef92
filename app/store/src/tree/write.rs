//! Writing keys: insertion, removal and the rotations that keep the tree balanced.
//!
//! The shape of the tree is consensus state: it depends on the whole history of writes, so every rotation and every
//! choice of a separator key is IAVL's.

use std::cmp::Ordering;

use bytes::Bytes;

use super::{Inner, Leaf, NodeId, Payload, Tree, hash::UNHASHED};
use crate::cache::key_prefix;

/// A write of one key.
pub struct Write {
    pub key: Bytes,
    /// The new value; none removes the key.
    pub value: Option<Payload>,
    /// The key's shared bytes, if the write made the key.
    pub inserted: Option<Payload>,
}

/// A key being looked for.
#[derive(Clone, Copy)]
pub(super) struct Probe<'a> {
    key: &'a [u8],
    prefix: u64,
}

impl<'a> Probe<'a> {
    pub(super) fn new(key: &'a [u8]) -> Self {
        Self { key, prefix: key_prefix(key) }
    }

    /// Whether the key belongs into the left subtree. Most nodes decide that without their key's bytes.
    fn is_left_of(self, inner: &Inner) -> bool {
        match self.prefix.cmp(&inner.prefix) {
            Ordering::Equal => *self.key < *inner.key,
            order => order == Ordering::Less,
        }
    }
}

impl Tree {
    /// Writes keys in their order.
    ///
    /// Keys that are there already get their new values first, all in one pass: that changes no node's shape, and which
    /// nodes are rewritten does not depend on when it is done. Then the others are inserted and removed one by one.
    pub fn write_all(&mut self, writes: &mut [Write]) {
        let sets: Vec<(usize, Probe<'_>)> = writes
            .iter()
            .enumerate()
            .filter(|(_, write)| write.value.is_some())
            .map(|(number, write)| (number, Probe::new(&write.key)))
            .collect();
        let mut missing = Vec::new();
        match self.root {
            Some(root) => self.root = Some(self.update(root, &sets, writes, &mut missing)),
            None => missing.extend(sets.iter().map(|(number, _)| *number)),
        }
        let mut missing = missing.into_iter().peekable();
        for (number, write) in writes.iter_mut().enumerate() {
            match &write.value {
                None => _ = self.remove(&write.key),
                Some(value) if missing.next_if_eq(&number).is_some() => {
                    write.inserted = self.set(&write.key, value.clone());
                }
                Some(_) => {}
            }
        }
    }

    /// Gives new values to those of the keys that are below `id`, and notes the others.
    fn update(
        &mut self,
        id: NodeId,
        sets: &[(usize, Probe<'_>)],
        writes: &[Write],
        missing: &mut Vec<usize>,
    ) -> NodeId {
        if sets.is_empty() {
            return id;
        }
        if id.is_leaf() {
            let key = self.leaf(id).key.clone();
            let found = sets.binary_search_by(|(_, probe)| probe.key.cmp(&key));
            let numbers = sets.iter().map(|(number, _)| *number);
            let Ok(found) = found else {
                missing.extend(numbers);
                return id;
            };
            missing.extend(numbers.enumerate().filter(|(at, _)| *at != found).map(|(_, number)| number));
            let Some(value) = writes[sets[found].0].value.clone() else { return id };
            self.orphan(id);
            return self.new_leaf(key, value);
        }
        // a key that is missing will be inserted below this very node, so it is rewritten in any case
        let id = self.own(id);
        let inner = self.inner(id);
        let (left, right) = (inner.left, inner.right);
        let (below, behind) = sets.split_at(sets.partition_point(|(_, probe)| probe.is_left_of(inner)));
        let left = self.update(left, below, writes, missing);
        let right = self.update(right, behind, writes, missing);
        let inner = self.inner_mut(id);
        (inner.left, inner.right) = (left, right);
        id
    }

    /// Sets a key. Returns the key's shared bytes if it is new to the tree.
    pub fn set(&mut self, key: &[u8], value: Payload) -> Option<Payload> {
        let Some(root) = self.root else {
            let key = Payload::from(key);
            self.root = Some(self.new_leaf(key.clone(), value));
            return Some(key);
        };
        let (root, inserted) = self.insert(root, Probe::new(key), value);
        self.root = Some(root);
        inserted
    }

    /// Removes a key; a key that is not there leaves every node and every hash as it was.
    pub fn remove(&mut self, key: &[u8]) -> bool {
        let probe = Probe::new(key);
        let Some(root) = self.root.filter(|root| self.holds(*root, probe)) else { return false };
        let (root, _) = self.remove_below(root, probe);
        self.root = root;
        true
    }

    fn holds(&self, mut id: NodeId, probe: Probe<'_>) -> bool {
        while !id.is_leaf() {
            let inner = self.inner(id);
            id = if probe.is_left_of(inner) { inner.left } else { inner.right };
        }
        *self.leaf(id).key == *probe.key
    }

    fn insert(&mut self, id: NodeId, probe: Probe<'_>, value: Payload) -> (NodeId, Option<Payload>) {
        if id.is_leaf() {
            return self.insert_at_leaf(id, probe.key, value);
        }
        let id = self.own(id);
        let inner = self.inner(id);
        let goes_left = probe.is_left_of(inner);
        let child = if goes_left { inner.left } else { inner.right };
        let (child, inserted) = self.insert(child, probe, value);
        let inner = self.inner_mut(id);
        if goes_left {
            inner.left = child;
        } else {
            inner.right = child;
        }
        if inserted.is_none() {
            return (id, None);
        }
        self.measure(id);
        (self.balance(id), inserted)
    }

    fn insert_at_leaf(&mut self, id: NodeId, key: &[u8], value: Payload) -> (NodeId, Option<Payload>) {
        let old_key = self.leaf(id).key.clone();
        let order = key.cmp(&old_key);
        if order == Ordering::Equal {
            self.orphan(id);
            return (self.new_leaf(old_key, value), None);
        }
        let key = Payload::from(key);
        let added = self.new_leaf(key.clone(), value);
        let (separator, left, right) =
            if order == Ordering::Less { (old_key, added, id) } else { (key.clone(), id, added) };
        let inner = Inner {
            prefix: key_prefix(&separator),
            key: separator,
            left,
            right,
            size: 2,
            height: 1,
            version: self.version,
            hash: UNHASHED,
        };
        (self.put_inner(inner), Some(key))
    }

    /// Removes a key that is known to be below `id`. Returns what takes the place of `id`, and the new least key of
    /// this subtree if that changed: some ancestor has the old one as its separator.
    fn remove_below(&mut self, id: NodeId, probe: Probe<'_>) -> (Option<NodeId>, Option<Payload>) {
        if id.is_leaf() {
            self.orphan(id);
            return (None, None);
        }
        let inner = self.inner(id);
        let (left, right) = (inner.left, inner.right);
        if probe.is_left_of(inner) {
            let separator = inner.key.clone();
            let (new_left, least) = self.remove_below(left, probe);
            let Some(new_left) = new_left else {
                self.orphan(id);
                return (Some(right), Some(separator));
            };
            let id = self.own(id);
            self.inner_mut(id).left = new_left;
            self.measure(id);
            return (Some(self.balance(id)), least);
        }
        let (new_right, least) = self.remove_below(right, probe);
        let Some(new_right) = new_right else {
            self.orphan(id);
            return (Some(left), None);
        };
        let id = self.own(id);
        let inner = self.inner_mut(id);
        inner.right = new_right;
        if let Some(least) = least {
            inner.prefix = key_prefix(&least);
            inner.key = least;
        }
        self.measure(id);
        (Some(self.balance(id)), None)
    }

    fn balance(&mut self, id: NodeId) -> NodeId {
        let inner = self.inner(id);
        let (left, right) = (inner.left, inner.right);
        let lean = self.lean(id);
        if lean > 1 {
            if self.lean(left) < 0 {
                let left = self.rotate_left(left);
                self.inner_mut(id).left = left;
            }
            return self.rotate_right(id);
        }
        if lean < -1 {
            if self.lean(right) > 0 {
                let right = self.rotate_right(right);
                self.inner_mut(id).right = right;
            }
            return self.rotate_left(id);
        }
        id
    }

    fn rotate_right(&mut self, id: NodeId) -> NodeId {
        let id = self.own(id);
        let top = self.own(self.inner(id).left);
        let moved = self.inner(top).right;
        self.inner_mut(id).left = moved;
        self.inner_mut(top).right = id;
        self.measure(id);
        self.measure(top);
        top
    }

    fn rotate_left(&mut self, id: NodeId) -> NodeId {
        let id = self.own(id);
        let top = self.own(self.inner(id).right);
        let moved = self.inner(top).left;
        self.inner_mut(id).right = moved;
        self.inner_mut(top).left = id;
        self.measure(id);
        self.measure(top);
        top
    }

    /// How much higher the left side is than the right one.
    fn lean(&self, id: NodeId) -> i16 {
        if id.is_leaf() {
            return 0;
        }
        let inner = self.inner(id);
        i16::from(self.height(inner.left)) - i16::from(self.height(inner.right))
    }

    fn measure(&mut self, id: NodeId) {
        let inner = self.inner(id);
        let height = self.height(inner.left).max(self.height(inner.right)) + 1;
        let size = self.size(inner.left) + self.size(inner.right);
        let inner = self.inner_mut(id);
        inner.height = height;
        inner.size = size;
    }

    /// An inner node that may be changed: itself if the working version made it, or else a copy.
    fn own(&mut self, id: NodeId) -> NodeId {
        let inner = self.inner(id);
        if inner.version == self.version {
            return id;
        }
        let copy = Inner { version: self.version, hash: UNHASHED, ..inner.clone() };
        self.orphans.push(id);
        self.put_inner(copy)
    }

    fn orphan(&mut self, id: NodeId) {
        if self.is_fresh(id) {
            self.free(id);
        } else {
            self.orphans.push(id);
        }
    }

    fn new_leaf(&mut self, key: Payload, value: Payload) -> NodeId {
        self.put_leaf(Leaf { key, value, version: self.version, hash: UNHASHED })
    }

    fn inner_mut(&mut self, id: NodeId) -> &mut Inner {
        &mut self.inners[id.slot()]
    }
}
