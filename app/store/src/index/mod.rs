//! The flat index: every key of the newest committed version, read without walking a tree.
//!
//! A hash table finds single keys, an ordered map serves ranges. Only a commit changes the index, in small steps, each
//! under a lock held for microseconds. Whoever still reads an older version finds what was replaced in the undo records
//! of the versions since then (see [`generation`]).

mod generation;

use std::{
    collections::BTreeSet,
    hash::BuildHasher,
    ops::Bound,
    sync::{PoisonError, RwLock},
};

use bytes::Bytes;
use hashbrown::{DefaultHashBuilder, HashTable};

pub use generation::{Generation, Undo};

use crate::{
    reader::{Entry, KeyRange},
    tree::{Payload, Write},
};

/// Values longer than this are handed out by reference, shorter ones are copied: that is cheaper.
const SHARE_FROM: usize = 512;

/// How many writes one lock of the index covers.
const WRITES_PER_LOCK: usize = 128;

/// The newest committed entries of every store, by store position.
pub struct FlatIndex {
    stores: Vec<RwLock<StoreIndex>>,
}

struct IndexEntry {
    key: Payload,
    value: Payload,
}

#[derive(Default)]
struct StoreIndex {
    /// Entries by key. Never iterated: its random seed, which keeps senders of keys from choosing collisions, shows nowhere.
    table: HashTable<IndexEntry>,
    hasher: DefaultHashBuilder,
    ordered: BTreeSet<Payload>,
}

impl FlatIndex {
    pub fn new(stores: usize) -> Self {
        Self { stores: (0..stores).map(|_| RwLock::default()).collect() }
    }

    pub fn get(&self, store: usize, key: &[u8]) -> Option<Bytes> {
        let index = self.stores[store].read().unwrap_or_else(PoisonError::into_inner);
        index.find(key).map(to_bytes)
    }

    pub fn has(&self, store: usize, key: &[u8]) -> bool {
        self.stores[store].read().unwrap_or_else(PoisonError::into_inner).find(key).is_some()
    }

    pub fn seek(&self, store: usize, range: &KeyRange, reverse: bool) -> Option<Entry> {
        if range.end.as_ref().is_some_and(|end| *end <= range.start) {
            return None;
        }
        let index = self.stores[store].read().unwrap_or_else(PoisonError::into_inner);
        let end = range.end.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        let mut found = index.ordered.range::<[u8], _>((Bound::Included(&range.start[..]), end));
        let key = if reverse { found.next_back() } else { found.next() }?;
        Some((Bytes::copy_from_slice(key), index.find(key).map(to_bytes)?))
    }

    /// What the writes of one store, sorted by key, are about to replace.
    pub fn replaced_by(&self, store: usize, writes: &[Write]) -> Undo {
        let index = self.stores[store].read().unwrap_or_else(PoisonError::into_inner);
        let old = |write: &Write| (write.key.clone(), index.find(&write.key).cloned());
        Undo::new(writes.iter().map(old).collect())
    }

    /// Applies the writes of one store. Their undo record must be published before.
    pub fn write(&self, store: usize, writes: &[Write]) {
        for batch in writes.chunks(WRITES_PER_LOCK) {
            let mut index = self.stores[store].write().unwrap_or_else(PoisonError::into_inner);
            for write in batch {
                index.write(write);
            }
        }
    }

    /// Fills an empty store with entries in key order.
    pub fn load(&self, store: usize, entries: Vec<(Payload, Payload)>) {
        let mut index = self.stores[store].write().unwrap_or_else(PoisonError::into_inner);
        *index = StoreIndex::from_sorted(entries);
    }

    /// Number of keys in every store together.
    pub fn len(&self) -> usize {
        let count =
            |store: &RwLock<StoreIndex>| store.read().unwrap_or_else(PoisonError::into_inner).table.len();
        self.stores.iter().map(count).sum()
    }
}

impl StoreIndex {
    fn from_sorted(entries: Vec<(Payload, Payload)>) -> Self {
        let hasher = DefaultHashBuilder::default();
        let ordered = entries.iter().map(|(key, _)| key.clone()).collect();
        let mut table = HashTable::with_capacity(entries.len());
        for (key, value) in entries {
            let hash = hasher.hash_one(&key[..]);
            table.insert_unique(hash, IndexEntry { key, value }, |entry| hasher.hash_one(&entry.key[..]));
        }
        Self { table, hasher, ordered }
    }

    fn find(&self, key: &[u8]) -> Option<&Payload> {
        let hash = self.hasher.hash_one(key);
        self.table.find(hash, |entry| *entry.key == *key).map(|entry| &entry.value)
    }

    fn write(&mut self, write: &Write) {
        let Self { table, hasher, ordered } = self;
        let hash = hasher.hash_one(&write.key[..]);
        let found = table.find_entry(hash, |entry| *entry.key == *write.key);
        match (&write.value, found) {
            (Some(value), Ok(mut found)) => found.get_mut().value = value.clone(),
            (Some(value), Err(_)) => {
                let key = write.inserted.clone().unwrap_or_else(|| Payload::from(&write.key[..]));
                ordered.insert(key.clone());
                let entry = IndexEntry { key, value: value.clone() };
                table.insert_unique(hash, entry, |entry| hasher.hash_one(&entry.key[..]));
            }
            (None, Ok(found)) => {
                found.remove();
                ordered.remove(&write.key[..]);
            }
            (None, Err(_)) => {}
        }
    }
}

/// A value as readers get it.
pub fn to_bytes(value: &Payload) -> Bytes {
    if value.len() < SHARE_FROM { Bytes::copy_from_slice(value) } else { Bytes::from_owner(value.clone()) }
}
