//! The pending writes of one store.
//!
//! A hash table finds single keys, which is nearly all that transactions ask for. Key order is only made when it is asked
//! for: by a range read, and once when a block is written into the trees.

use std::{
    collections::BTreeMap,
    fmt,
    hash::BuildHasher,
    ops::Bound,
    sync::{Mutex, PoisonError},
};

use bytes::Bytes;
use hashbrown::{DefaultHashBuilder, HashTable};

use crate::reader::KeyRange;

/// Writes of one store; no value is a removal.
#[derive(Default)]
pub struct Changes {
    /// Slots in `entries` by key. Never iterated: its random seed shows nowhere.
    table: HashTable<u32>,
    hasher: DefaultHashBuilder,
    entries: Vec<(Bytes, Option<Bytes>)>,
    order: Mutex<Order>,
}

/// The first `covered` entries in key order.
#[derive(Default)]
struct Order {
    slots: BTreeMap<Bytes, u32>,
    covered: usize,
}

/// Where a key was written, and what was pending there before.
pub(super) struct Written {
    pub slot: u32,
    pub previous: Option<Option<Bytes>>,
}

impl Changes {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The pending write of a key.
    #[must_use]
    pub fn get(&self, key: &[u8]) -> Option<&Option<Bytes>> {
        let hash = self.hasher.hash_one(key);
        let slot = self.table.find(hash, |slot| self.entries[*slot as usize].0 == key)?;
        Some(&self.entries[*slot as usize].1)
    }

    /// Sets a pending write; returns the one it replaces.
    pub fn insert(&mut self, key: impl Into<Bytes>, value: Option<Bytes>) -> Option<Option<Bytes>> {
        self.write(key.into(), value).previous
    }

    pub(super) fn write(&mut self, key: Bytes, value: Option<Bytes>) -> Written {
        let hash = self.hasher.hash_one(&key[..]);
        let Self { table, hasher, entries, .. } = self;
        if let Some(slot) = table.find(hash, |slot| entries[*slot as usize].0 == key) {
            let previous = std::mem::replace(&mut entries[*slot as usize].1, value);
            return Written { slot: *slot, previous: Some(previous) };
        }
        let slot = entries.len() as u32;
        entries.push((key, value));
        table.insert_unique(hash, slot, |slot| hasher.hash_one(&entries[*slot as usize].0[..]));
        Written { slot, previous: None }
    }

    /// Takes back the latest write that was not taken back yet.
    pub(super) fn revert(&mut self, written: Written) {
        match written.previous {
            Some(previous) => self.entries[written.slot as usize].1 = previous,
            // keys are taken back in the opposite order of their coming, so this is the last entry
            None => self.pop(),
        }
    }

    fn pop(&mut self) {
        let Some((key, _)) = self.entries.pop() else { return };
        let last = self.entries.len();
        if let Ok(found) =
            self.table.find_entry(self.hasher.hash_one(&key[..]), |slot| *slot as usize == last)
        {
            found.remove();
        }
        let order = self.order.get_mut().unwrap_or_else(PoisonError::into_inner);
        if order.covered > last {
            order.slots.remove(&key);
            order.covered = last;
        }
    }

    /// Forgets every write and keeps the memory.
    pub fn clear(&mut self) {
        self.table.clear();
        self.entries.clear();
        *self.order.get_mut().unwrap_or_else(PoisonError::into_inner) = Order::default();
    }

    /// The first (or last) pending write of a range, removals included.
    pub(super) fn seek(&self, range: &KeyRange, reverse: bool) -> Option<&(Bytes, Option<Bytes>)> {
        if self.entries.is_empty() || range.end.as_ref().is_some_and(|end| *end <= range.start) {
            return None;
        }
        let mut order = self.order.lock().unwrap_or_else(PoisonError::into_inner);
        for slot in order.covered..self.entries.len() {
            order.slots.insert(self.entries[slot].0.clone(), slot as u32);
        }
        order.covered = self.entries.len();
        let end = range.end.as_ref().map_or(Bound::Unbounded, Bound::Excluded);
        let mut found = order.slots.range::<Bytes, _>((Bound::Included(&range.start), end));
        let (_, slot) = if reverse { found.next_back() } else { found.next() }?;
        Some(&self.entries[*slot as usize])
    }

    /// Every write in key order.
    pub fn iter(&self) -> impl Iterator<Item = (&Bytes, &Option<Bytes>)> {
        let mut slots: Vec<(u64, u32)> =
            (0_u32..).zip(&self.entries).map(|(slot, (key, _))| (key_prefix(key), slot)).collect();
        let key = |slot: u32| &self.entries[slot as usize].0;
        slots.sort_unstable_by(|(prefix, slot), (other_prefix, other)| {
            prefix.cmp(other_prefix).then_with(|| key(*slot).cmp(key(*other)))
        });
        slots.into_iter().map(|(_, slot)| {
            let (key, value) = &self.entries[slot as usize];
            (key, value)
        })
    }
}

impl fmt::Debug for Changes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_map().entries(self.iter()).finish()
    }
}

impl FromIterator<(Bytes, Option<Bytes>)> for Changes {
    fn from_iter<I: IntoIterator<Item = (Bytes, Option<Bytes>)>>(writes: I) -> Self {
        let mut changes = Self::new();
        for (key, value) in writes {
            changes.insert(key, value);
        }
        changes
    }
}

/// The first eight bytes of a key as a number that sorts as the key does; equal ones decide nothing.
#[must_use]
pub fn key_prefix(key: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    let length = key.len().min(8);
    bytes[..length].copy_from_slice(&key[..length]);
    u64::from_be_bytes(bytes)
}
