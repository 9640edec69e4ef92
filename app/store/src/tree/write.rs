//! Writing keys: insertion, removal and the rotations that keep the tree balanced.
//!
//! The shape of the tree is consensus state: it depends on the whole history of writes, so every rotation and every
//! choice of a separator key is IAVL's.

use std::cmp::Ordering;

use super::{Inner, Leaf, NodeId, Payload, Tree, hash::UNHASHED};

impl Tree {
    /// Sets a key. Returns the key's shared bytes if it is new to the tree.
    pub fn set(&mut self, key: &[u8], value: Payload) -> Option<Payload> {
        let Some(root) = self.root else {
            let key = Payload::from(key);
            self.root = Some(self.new_leaf(key.clone(), value));
            return Some(key);
        };
        let (root, inserted) = self.insert(root, key, value);
        self.root = Some(root);
        inserted
    }

    /// Removes a key; a key that is not there leaves every node and every hash as it was.
    pub fn remove(&mut self, key: &[u8]) -> bool {
        let Some(root) = self.root.filter(|root| self.holds(*root, key)) else { return false };
        let (root, _) = self.remove_below(root, key);
        self.root = root;
        true
    }

    fn holds(&self, mut id: NodeId, key: &[u8]) -> bool {
        while !id.is_leaf() {
            let inner = self.inner(id);
            id = if *key < *inner.key { inner.left } else { inner.right };
        }
        *self.leaf(id).key == *key
    }

    fn insert(&mut self, id: NodeId, key: &[u8], value: Payload) -> (NodeId, Option<Payload>) {
        if id.is_leaf() {
            return self.insert_at_leaf(id, key, value);
        }
        let id = self.own(id);
        let inner = self.inner(id);
        let goes_left = *key < *inner.key;
        let child = if goes_left { inner.left } else { inner.right };
        let (child, inserted) = self.insert(child, key, value);
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
        let inner =
            Inner { key: separator, left, right, size: 2, height: 1, version: self.version, hash: UNHASHED };
        (self.put_inner(inner), Some(key))
    }

    /// Removes `key`, which is known to be below `id`. Returns what takes the place of `id`, and the new least key of
    /// this subtree if that changed: some ancestor has the old one as its separator.
    fn remove_below(&mut self, id: NodeId, key: &[u8]) -> (Option<NodeId>, Option<Payload>) {
        if id.is_leaf() {
            self.orphan(id);
            return (None, None);
        }
        let inner = self.inner(id);
        let (left, right) = (inner.left, inner.right);
        if *key < *inner.key {
            let separator = inner.key.clone();
            let (new_left, least) = self.remove_below(left, key);
            let Some(new_left) = new_left else {
                self.orphan(id);
                return (Some(right), Some(separator));
            };
            let id = self.own(id);
            self.inner_mut(id).left = new_left;
            self.measure(id);
            return (Some(self.balance(id)), least);
        }
        let (new_right, least) = self.remove_below(right, key);
        let Some(new_right) = new_right else {
            self.orphan(id);
            return (Some(left), None);
        };
        let id = self.own(id);
        let inner = self.inner_mut(id);
        inner.right = new_right;
        if let Some(least) = least {
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
