//! The flat index: every key of the newest committed version, read without walking a tree.
//!
//! A hash table finds single keys, an ordered map serves ranges. Only a commit changes the index, in small steps, each
//! under a lock held for microseconds. Whoever still reads an older version finds what was replaced in the undo records
//! of the versions since then (see [`generation`]).

mod generation;

use std::{
    collections::BTreeMap,
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
    /// Slots by key. Never iterated, so its random seed, which keeps senders of keys from choosing collisions, shows nowhere.
    table: HashTable<u32>,
    hasher: DefaultHashBuilder,
    entries: Vec<IndexEntry>,
    free: Vec<u32>,
    ordered: BTreeMap<Payload, u32>,
}

impl FlatIndex {
    pub fn new(stores: usize) -> Self {
        Self { stores: (0..stores).map(|_| RwLock::default()).collect() }
    }

    pub fn get(&self, store: usize, key: &[u8]) -> Option<Bytes> {
        let index = self.stores[store].read().unwrap_or_else(PoisonError::into_inner);
        index.find(key).map(|slot| to_bytes(&index.entries[slot as usize].value))
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
        let (key, slot) = if reverse { found.next_back() } else { found.next() }?;
        Some((Bytes::copy_from_slice(key), to_bytes(&index.entries[*slot as usize].value)))
    }

    /// What the writes of one store, sorted by key, are about to replace.
    pub fn replaced_by(&self, store: usize, writes: &[Write]) -> Undo {
        let index = self.stores[store].read().unwrap_or_else(PoisonError::into_inner);
        let old = |write: &Write| {
            let old = index.find(&write.key).map(|slot| index.entries[slot as usize].value.clone());
            (write.key.clone(), old)
        };
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
        let entries: Vec<IndexEntry> =
            entries.into_iter().map(|(key, value)| IndexEntry { key, value }).collect();
        let mut table = HashTable::with_capacity(entries.len());
        for (slot, entry) in (0_u32..).zip(&entries) {
            table.insert_unique(hasher.hash_one(&entry.key[..]), slot, |slot| {
                hasher.hash_one(&entries[*slot as usize].key[..])
            });
        }
        let ordered = (0_u32..).zip(&entries).map(|(slot, entry)| (entry.key.clone(), slot)).collect();
        Self { table, hasher, entries, free: Vec::new(), ordered }
    }

    fn find(&self, key: &[u8]) -> Option<u32> {
        let hash = self.hasher.hash_one(key);
        self.table.find(hash, |slot| *self.entries[*slot as usize].key == *key).copied()
    }

    fn write(&mut self, write: &Write) {
        match &write.value {
            Some(value) => match self.find(&write.key) {
                Some(slot) => self.entries[slot as usize].value = value.clone(),
                None => {
                    let key = write.inserted.clone().unwrap_or_else(|| Payload::from(&write.key[..]));
                    self.insert(key, value.clone());
                }
            },
            None => self.remove(&write.key),
        }
    }

    fn insert(&mut self, key: Payload, value: Payload) {
        let hash = self.hasher.hash_one(&key[..]);
        let entry = IndexEntry { key: key.clone(), value };
        let slot = if let Some(slot) = self.free.pop() {
            self.entries[slot as usize] = entry;
            slot
        } else {
            self.entries.push(entry);
            (self.entries.len() - 1) as u32
        };
        let Self { table, hasher, entries, .. } = self;
        table.insert_unique(hash, slot, |slot| hasher.hash_one(&entries[*slot as usize].key[..]));
        self.ordered.insert(key, slot);
    }

    fn remove(&mut self, key: &[u8]) {
        let hash = self.hasher.hash_one(key);
        let Self { table, entries, .. } = self;
        let Ok(found) = table.find_entry(hash, |slot| *entries[*slot as usize].key == *key) else { return };
        let (slot, _) = found.remove();
        self.ordered.remove(key);
        let empty = Payload::from(&[][..]);
        self.entries[slot as usize] = IndexEntry { key: empty.clone(), value: empty };
        self.free.push(slot);
    }
}

/// A value as readers get it.
pub fn to_bytes(value: &Payload) -> Bytes {
    if value.len() < SHARE_FROM { Bytes::copy_from_slice(value) } else { Bytes::from_owner(value.clone()) }
}
