//! The cache above the trees: what a block, a transaction or a message has written and not yet committed.
//!
//! One layer holds everything that was written; a journal of what each write replaced lets any part of it be taken back.
//! So reads look in one map however deeply messages nest, and dropping a failed message costs what it wrote.

mod changes;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use bytes::Bytes;

use changes::Written;
pub use changes::{Changes, key_prefix};

use crate::{
    StoreKey,
    reader::{Entry, KeyRange, Reader},
};

/// A place in the journal to which an overlay can return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint(usize);

struct Undo {
    store: StoreKey,
    written: Written,
}

/// Uncommitted writes over a base that does not change meanwhile.
pub struct Overlay {
    base: Arc<dyn Reader>,
    changes: Vec<(Option<StoreKey>, Changes)>,
    journal: Vec<Undo>,
}

impl Overlay {
    #[must_use]
    pub fn new(base: Arc<dyn Reader>) -> Self {
        Self { base, changes: Vec::new(), journal: Vec::new() }
    }

    /// An empty overlay over the same base.
    #[must_use]
    pub fn beside(&self) -> Self {
        Self::new(self.base.clone())
    }

    pub fn set(&mut self, store: StoreKey, key: impl Into<Bytes>, value: impl Into<Bytes>) {
        self.write(store, key.into(), Some(value.into()));
    }

    pub fn delete(&mut self, store: StoreKey, key: impl Into<Bytes>) {
        self.write(store, key.into(), None);
    }

    /// Where the journal stands now.
    #[must_use]
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint(self.journal.len())
    }

    /// Takes back every write since `checkpoint`.
    pub fn revert_to(&mut self, checkpoint: Checkpoint) {
        while self.journal.len() > checkpoint.0 {
            let Some(undo) = self.journal.pop() else { break };
            self.changes[undo.store.index()].1.revert(undo.written);
        }
    }

    /// Forgets how to take back what was written so far: those writes stay.
    pub fn settle(&mut self) {
        self.journal.clear();
    }

    /// Every store that was written, with its writes in key order.
    pub fn changes(&self) -> impl Iterator<Item = (StoreKey, &Changes)> {
        let written = self.changes.iter().filter(|(_, changes)| !changes.is_empty());
        written.filter_map(|(store, changes)| store.map(|store| (store, changes)))
    }

    /// Drops every write and starts anew over `base`, in the memory this overlay already has.
    pub fn reset(&mut self, base: Arc<dyn Reader>) {
        self.base = base;
        self.journal.clear();
        for (_, changes) in &mut self.changes {
            changes.clear();
        }
    }

    /// Every store that was written, with its writes in key order.
    #[must_use]
    pub fn into_changes(self) -> Vec<(StoreKey, Changes)> {
        let written = self.changes.into_iter().filter(|(_, changes)| !changes.is_empty());
        written.filter_map(|(store, changes)| store.map(|store| (store, changes))).collect()
    }

    fn write(&mut self, store: StoreKey, key: Bytes, value: Option<Bytes>) {
        let index = store.index();
        if self.changes.len() <= index {
            self.changes.resize_with(index + 1, Default::default);
        }
        let slot = &mut self.changes[index];
        slot.0 = Some(store);
        let written = slot.1.write(key, value);
        self.journal.push(Undo { store, written });
    }

    fn pending(&self, store: StoreKey) -> Option<&Changes> {
        self.changes.get(store.index()).map(|(_, changes)| changes)
    }
}

impl Reader for Overlay {
    fn get(&self, store: StoreKey, key: &[u8]) -> Option<Bytes> {
        match self.pending(store).and_then(|changes| changes.get(key)) {
            Some(value) => value.clone(),
            None => self.base.get(store, key),
        }
    }

    fn has(&self, store: StoreKey, key: &[u8]) -> bool {
        match self.pending(store).and_then(|changes| changes.get(key)) {
            Some(value) => value.is_some(),
            None => self.base.has(store, key),
        }
    }

    fn seek(&self, store: StoreKey, range: &KeyRange, reverse: bool) -> Option<Entry> {
        let mut range = range.clone();
        loop {
            let below = self.base.seek(store, &range, reverse);
            let pending = self.pending(store).and_then(|changes| changes.seek(&range, reverse));
            let Some((key, value)) = pending else { return below };
            if let Some((base_key, base_value)) = below {
                let base_first = if reverse { base_key > *key } else { base_key < *key };
                if base_first {
                    return Some((base_key, base_value));
                }
            }
            match value {
                Some(value) => return Some((key.clone(), value.clone())),
                // a removal hides the base's entry: go on behind it
                None if reverse => range.end = Some(key.clone()),
                None => range.start = after(key),
            }
        }
    }
}

/// The least key greater than `key`.
#[must_use]
pub fn after(key: &[u8]) -> Bytes {
    let mut next = Vec::with_capacity(key.len() + 1);
    next.extend_from_slice(key);
    next.push(0);
    next.into()
}
