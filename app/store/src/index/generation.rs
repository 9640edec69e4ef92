//! Versions of the flat index: a chain from older to newer, each link holding what the newer version replaced.
//!
//! A reader of version v looks into the index, which is at the newest version, and then through the links from v on: the
//! first that knows the key tells what it held at v. This order makes reads during a commit sound: a link is published
//! before the index changes, so whoever sees a new value in the index also sees the link that overrules it.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use super::{FlatIndex, to_bytes};
use crate::{
    reader::{Entry, KeyRange},
    tree::{Hash, Payload},
};

/// What one version replaced in one store, sorted by key; no value where the key was new.
#[derive(Default)]
pub struct Undo(Vec<(Bytes, Option<Payload>)>);

impl Undo {
    pub fn new(sorted: Vec<(Bytes, Option<Payload>)>) -> Self {
        Self(sorted)
    }

    fn get(&self, key: &[u8]) -> Option<&Option<Payload>> {
        let at = self.0.binary_search_by(|(known, _)| known[..].cmp(key)).ok()?;
        Some(&self.0[at].1)
    }

    fn seek(&self, range: &KeyRange, reverse: bool) -> Option<&(Bytes, Option<Payload>)> {
        let found = if reverse {
            let behind =
                range.end.as_ref().map_or(self.0.len(), |end| self.0.partition_point(|(key, _)| key < end));
            self.0.get(behind.checked_sub(1)?)?
        } else {
            self.0.get(self.0.partition_point(|(key, _)| *key < range.start))?
        };
        range.contains(&found.0).then_some(found)
    }
}

/// A committed version that can be read from the index.
pub struct Generation {
    version: u64,
    app_hash: Hash,
    next: OnceLock<(Vec<Undo>, Arc<Generation>)>,
}

impl Generation {
    pub fn new(version: u64, app_hash: Hash) -> Arc<Self> {
        Arc::new(Self { version, app_hash, next: OnceLock::new() })
    }

    pub fn app_hash(&self) -> Hash {
        self.app_hash
    }

    pub fn version(&self) -> u64 {
        self.version
    }

    /// Tells readers of this version what `next` is about to replace, by store position.
    pub fn supersede(&self, undo: Vec<Undo>, next: Arc<Self>) {
        // a version is superseded once: commits are serialised and each makes a new generation
        let _ = self.next.set((undo, next));
    }

    /// Before the first version there is nothing. A restored snapshot comes without undo records: this is the one version
    /// that can have readers by then.
    fn is_empty(&self) -> bool {
        self.version == 0
    }

    pub fn get(&self, index: &FlatIndex, store: usize, key: &[u8]) -> Option<Bytes> {
        if self.is_empty() {
            return None;
        }
        let newest = index.get(store, key);
        match self.overruled(store, key) {
            Some(old) => old.as_ref().map(to_bytes),
            None => newest,
        }
    }

    pub fn has(&self, index: &FlatIndex, store: usize, key: &[u8]) -> bool {
        if self.is_empty() {
            return false;
        }
        let newest = index.has(store, key);
        self.overruled(store, key).map_or(newest, Option::is_some)
    }

    pub fn seek(&self, index: &FlatIndex, store: usize, range: &KeyRange, reverse: bool) -> Option<Entry> {
        if self.is_empty() {
            return None;
        }
        let mut range = range.clone();
        loop {
            let newest = index.seek(store, &range, reverse);
            let Some((key, old)) = self.seek_undo(store, &range, reverse) else { return newest };
            if let Some((newest_key, value)) = newest {
                let newest_first = if reverse { newest_key > *key } else { newest_key < *key };
                if newest_first {
                    return Some((newest_key, value));
                }
            }
            match old {
                Some(value) => return Some((key.clone(), to_bytes(value))),
                // the key is newer than this version: go on behind it
                None if reverse => range.end = Some(key.clone()),
                None => range.start = crate::cache::after(key),
            }
        }
    }

    fn overruled(&self, store: usize, key: &[u8]) -> Option<&Option<Payload>> {
        let mut link = self.next.get();
        while let Some((undo, next)) = link {
            if let Some(old) = undo.get(store).and_then(|undo| undo.get(key)) {
                return Some(old);
            }
            link = next.next.get();
        }
        None
    }

    /// The first (or last) key of the range that some later version wrote, with what it held here.
    fn seek_undo(&self, store: usize, range: &KeyRange, reverse: bool) -> Option<&(Bytes, Option<Payload>)> {
        let mut best: Option<&(Bytes, Option<Payload>)> = None;
        let mut link = self.next.get();
        while let Some((undo, next)) = link {
            let found = undo.get(store).and_then(|undo| undo.seek(range, reverse));
            best = match (best, found) {
                (Some(best), Some(found)) => {
                    // of equal keys the oldest record counts
                    let closer = if reverse { found.0 > best.0 } else { found.0 < best.0 };
                    Some(if closer { found } else { best })
                }
                (best, found) => best.or(found),
            };
            link = next.next.get();
        }
        best
    }
}

impl Drop for Generation {
    /// Takes a long chain apart link by link: dropping it recursively could exhaust the stack.
    fn drop(&mut self) {
        let mut link = self.next.take();
        while let Some((_, next)) = link {
            link = Arc::into_inner(next).and_then(|mut next| next.next.take());
        }
    }
}
