//! The multistore on disks that work, fail and lose power.

mod crash;
mod history;
mod refused;
mod restore;
mod restore_crash;

use std::{collections::BTreeMap, sync::Arc};

use bytes::Bytes;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{MultiStore, Restore, Snapshot, StoreOptions, open};
use crate::{
    Changes, Hash, KeyRange, Reader, SnapshotNode, StoreError, StoreKey, VersionTime, cache::after,
    disk::memory::MemoryDisk,
};

const ACC: StoreKey = StoreKey::new(0, "acc");
const BANK: StoreKey = StoreKey::new(1, "bank");
const FEES: StoreKey = StoreKey::new(2, "fees");
const STORES: [StoreKey; 2] = [ACC, BANK];

type Entries = BTreeMap<Bytes, Bytes>;

/// What a version must hold: entries by store, and the app hash.
#[derive(Clone, Default)]
struct Expected {
    entries: [Entries; 2],
    app_hash: Hash,
}

fn open_store(disk: &MemoryDisk, options: &StoreOptions) -> Result<MultiStore, StoreError> {
    open::open(Arc::new(disk.clone()), &STORES, options)
}

/// Options that make epochs short and everything happen in one thread.
fn short_epochs() -> StoreOptions {
    StoreOptions { writes_per_base: 60, background: false, ..StoreOptions::default() }
}

/// The changes of a version: the same for the same version and seed.
fn block(version: u64, seed: u64) -> [Changes; 2] {
    let mut random = ChaCha8Rng::seed_from_u64(seed ^ (version << 20));
    let mut changes = [Changes::new(), Changes::new()];
    for _ in 0..random.random_range(0..24) {
        let key = Bytes::copy_from_slice(&random.random_range(0..80_u16).to_be_bytes());
        let store = random.random_range(0..2);
        let length = if random.random_bool(0.05) { 3000 } else { 8 };
        let value = Bytes::from(random.random::<u32>().to_string().repeat(length / 8));
        changes[store].insert(key, random.random_bool(0.65).then_some(value));
    }
    changes
}

/// A time for each version, before 1970 for some.
fn time_of(version: u64) -> VersionTime {
    VersionTime { seconds: version.cast_signed() - 7, nanos: i32::try_from(version % 1000).unwrap() }
}

fn apply(store: &MultiStore, version: u64, changes: &[Changes; 2]) -> Result<Hash, StoreError> {
    store.apply(version, time_of(version), STORES.into_iter().zip(changes))
}

/// Every version from 0 to `versions`, from a store in memory.
fn expected(versions: u64, seed: u64) -> Vec<Expected> {
    let store = MultiStore::in_memory(&STORES).unwrap();
    let mut all = vec![Expected { app_hash: store.app_hash(), ..Expected::default() }];
    for version in 1..=versions {
        let changes = block(version, seed);
        let mut next = all.last().unwrap().clone();
        for (entries, changes) in next.entries.iter_mut().zip(&changes) {
            for (key, value) in changes.iter() {
                match value {
                    Some(value) => _ = entries.insert(key.clone(), value.clone()),
                    None => _ = entries.remove(key),
                }
            }
        }
        next.app_hash = apply(&store, version, &changes).unwrap();
        store.commit().unwrap();
        all.push(next);
    }
    all
}

fn entries_of(reader: &dyn Reader, store: StoreKey) -> Entries {
    let mut entries = Entries::new();
    let mut range = KeyRange::all();
    while let Some((key, value)) = reader.seek(store, &range, false) {
        range.start = after(&key);
        entries.insert(key, value);
    }
    entries
}

fn check_version(store: &MultiStore, version: u64, expected: &Expected) {
    let snapshot = store.snapshot(version).unwrap();
    if version > 0 {
        assert_eq!(snapshot.app_hash().unwrap(), expected.app_hash, "version {version}");
        assert_eq!(snapshot.time().unwrap(), time_of(version));
    }
    for (key, entries) in STORES.into_iter().zip(&expected.entries) {
        assert_eq!(&entries_of(&snapshot, key), entries, "version {version}, store {}", key.name());
    }
}

/// A version as it travels: the nodes of every store, by name.
type Stream = Vec<(&'static str, Vec<SnapshotNode>)>;

fn stream_of(snapshot: &Snapshot) -> Stream {
    let nodes = |key| snapshot.nodes(key).unwrap().map(Result::unwrap).collect();
    STORES.into_iter().map(|key| (key.name(), nodes(key))).collect()
}

fn gather(store: &MultiStore, version: u64, stream: &Stream) -> Result<Restore, StoreError> {
    let mut restore = store.begin_restore(version)?;
    for (name, nodes) in stream {
        restore.begin_store(name)?;
        for node in nodes {
            restore.add(node.clone())?;
        }
    }
    let count: usize = stream.iter().map(|(_, nodes)| nodes.len()).sum();
    assert_eq!((restore.nodes(), restore.version()), (count as u64, version));
    Ok(restore)
}

fn restore(
    store: &MultiStore,
    version: u64,
    stream: &Stream,
    app_hash: Option<Hash>,
) -> Result<Hash, StoreError> {
    store.restore(gather(store, version, stream)?, app_hash)
}

/// A store in memory after so many of the blocks.
fn in_memory(versions: u64, seed: u64) -> MultiStore {
    let store = MultiStore::in_memory(&STORES).unwrap();
    for version in 1..=versions {
        apply(&store, version, &block(version, seed)).unwrap();
        store.commit().unwrap();
    }
    store
}
