//! The slow, obvious tree: boxed nodes, cloned freely, following the definition step by step.

use crate::tree::{EMPTY_HASH, Hash, hash_leaf, put_varint, sha256};

#[derive(Clone)]
pub struct RefNode {
    key: Vec<u8>,
    /// Only leaves have a value.
    value: Option<Vec<u8>>,
    children: Option<(Box<RefNode>, Box<RefNode>)>,
    /// The version that saved the node; none while it is new.
    version: Option<u64>,
}

impl RefNode {
    fn leaf(key: &[u8], value: &[u8]) -> Self {
        Self { key: key.to_vec(), value: Some(value.to_vec()), children: None, version: None }
    }

    fn inner(key: Vec<u8>, left: Self, right: Self) -> Self {
        Self { key, value: None, children: Some((Box::new(left), Box::new(right))), version: None }
    }

    fn parts(self) -> (Vec<u8>, Self, Self) {
        let (left, right) = self.children.expect("an inner node");
        (self.key, *left, *right)
    }

    fn height(&self) -> i64 {
        match &self.children {
            Some((left, right)) => 1 + left.height().max(right.height()),
            None => 0,
        }
    }

    fn size(&self) -> u64 {
        match &self.children {
            Some((left, right)) => left.size() + right.size(),
            None => 1,
        }
    }

    fn lean(&self) -> i64 {
        self.children.as_ref().map_or(0, |(left, right)| left.height() - right.height())
    }

    fn rotate_right(self) -> Self {
        let (key, left, right) = self.parts();
        let (left_key, outer, middle) = left.parts();
        Self::inner(left_key, outer, Self::inner(key, middle, right))
    }

    fn rotate_left(self) -> Self {
        let (key, left, right) = self.parts();
        let (right_key, middle, outer) = right.parts();
        Self::inner(right_key, Self::inner(key, left, middle), outer)
    }

    fn balanced(self) -> Self {
        match self.lean() {
            2.. => {
                let (key, left, right) = self.parts();
                let left = if left.lean() < 0 { left.rotate_left() } else { left };
                Self::inner(key, left, right).rotate_right()
            }
            ..=-2 => {
                let (key, left, right) = self.parts();
                let right = if right.lean() > 0 { right.rotate_right() } else { right };
                Self::inner(key, left, right).rotate_left()
            }
            _ => self,
        }
    }

    pub fn set(root: Option<Self>, key: &[u8], value: &[u8]) -> Self {
        let Some(node) = root else { return Self::leaf(key, value) };
        if node.children.is_none() {
            return match key.cmp(&node.key) {
                std::cmp::Ordering::Equal => Self::leaf(key, value),
                std::cmp::Ordering::Less => Self::inner(node.key.clone(), Self::leaf(key, value), node),
                std::cmp::Ordering::Greater => Self::inner(key.to_vec(), node, Self::leaf(key, value)),
            };
        }
        let (separator, left, right) = node.parts();
        let node = if key < &separator[..] {
            Self::inner(separator, Self::set(Some(left), key, value), right)
        } else {
            Self::inner(separator, left, Self::set(Some(right), key, value))
        };
        node.balanced()
    }

    fn least_key(&self) -> &[u8] {
        self.children.as_ref().map_or(&self.key, |(left, _)| left.least_key())
    }

    pub fn has(&self, key: &[u8]) -> bool {
        match &self.children {
            Some((left, right)) => left.has(key) || right.has(key),
            None => self.key == key,
        }
    }

    /// Removes a key that is there.
    pub fn remove(self, key: &[u8]) -> Option<Self> {
        self.children.as_ref()?;
        let (separator, left, right) = self.parts();
        let node = if key < &separator[..] {
            match left.remove(key) {
                Some(left) => Self::inner(separator, left, right),
                None => return Some(right),
            }
        } else {
            match right.remove(key) {
                // a separator is the least key to its right, nothing else
                Some(right) => Self::inner(right.least_key().to_vec(), left, right),
                None => return Some(left),
            }
        };
        Some(node.balanced())
    }

    fn save(&mut self, version: u64) -> Hash {
        let version = *self.version.get_or_insert(version);
        let (height, size) = (self.height(), self.size());
        match &mut self.children {
            None => hash_leaf(&self.key, self.value.as_deref().expect("a leaf"), version),
            Some((left, right)) => {
                let mut bytes = Vec::new();
                put_varint(height as u64, &mut bytes);
                put_varint(size, &mut bytes);
                put_varint(version, &mut bytes);
                for child in [left, right] {
                    bytes.push(32);
                    bytes.extend_from_slice(&child.save(version));
                }
                sha256(&bytes)
            }
        }
    }

    /// The root hash; new nodes get `version`.
    pub fn save_root(root: &mut Option<Self>, version: u64) -> Hash {
        root.as_mut().map_or(EMPTY_HASH, |root| root.save(version))
    }
}
