//! A version taken from one store and restored into another is that version in every respect.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use super::*;
use crate::{commit::Pruning, commit::rollback::roll_back, disk::Disk};

const VERSIONS: u64 = 40;

/// A restored version against the same version of the store it was taken from.
fn check_same(restored: &MultiStore, source: &MultiStore, version: u64) {
    let (ours, theirs) = (restored.snapshot(version).unwrap(), source.snapshot(version).unwrap());
    assert_eq!(ours.app_hash().unwrap(), theirs.app_hash().unwrap());
    for key in STORES {
        assert_eq!(ours.store_root(key).unwrap(), theirs.store_root(key).unwrap());
        let entries = entries_of(&theirs, key);
        assert_eq!(entries_of(&ours, key), entries);
        let last = ours.try_seek(key, &KeyRange::all(), true).unwrap();
        assert_eq!(last, entries.last_key_value().map(|(key, value)| (key.clone(), value.clone())));
        for number in (0..85_u16).step_by(7) {
            let number = number.to_be_bytes();
            assert_eq!(ours.proof(key, &number).unwrap(), theirs.proof(key, &number).unwrap());
        }
    }
    assert_eq!(stream_of(&ours), stream_of(&theirs));
}

/// Goes on with the blocks behind a restored version.
fn go_on(store: &MultiStore, source: &MultiStore, to: u64, seed: u64) {
    for version in store.version() + 1..=to {
        let app_hash = apply(store, version, &block(version, seed)).unwrap();
        assert_eq!(app_hash, source.snapshot(version).unwrap().app_hash().unwrap(), "version {version}");
        store.commit().unwrap();
    }
}

#[test]
fn a_restored_version_reads_proves_and_goes_on_as_where_it_came_from() {
    for seed in 0..8 {
        let taken = 1 + ChaCha8Rng::seed_from_u64(seed).random_range(0..VERSIONS);
        let source = in_memory(VERSIONS + 30, seed);
        // half of the snapshots come from a disk, where later versions were committed since
        let archive = MemoryDisk::default();
        let from = if seed % 2 == 0 { &source } else { &open_store(&archive, &short_epochs()).unwrap() };
        go_on(from, &source, VERSIONS, seed);
        let snapshot = from.snapshot(taken).unwrap();
        let (stream, app_hash) = (stream_of(&snapshot), snapshot.app_hash().unwrap());

        let memory = MultiStore::in_memory(&STORES).unwrap();
        let disk = MemoryDisk::default();
        let options = StoreOptions { background: seed % 3 == 0, ..short_epochs() };
        let on_disk = open_store(&disk, &options).unwrap();
        for store in [&memory, &on_disk] {
            assert_eq!(restore(store, taken, &stream, Some(app_hash)).unwrap(), app_hash);
            assert_eq!((store.version(), store.oldest_version()), (taken, taken));
            assert_eq!(store.app_hash(), app_hash);
            assert_eq!(store.snapshot(taken).unwrap().time().unwrap(), VersionTime::default());
            assert_eq!(store.key_count(), STORES.map(|key| entries_of(&snapshot, key).len()).iter().sum());
            check_same(store, &source, taken);
            go_on(store, &source, taken + 15, seed);
        }
        // found again after a start, with the versions since
        drop(on_disk);
        let on_disk = open_store(&disk, &options).unwrap();
        assert_eq!(on_disk.version(), taken + 15);
        for store in [&memory, &on_disk] {
            go_on(store, &source, taken + 30, seed);
            assert_eq!(store.oldest_version(), taken);
            for version in taken..=taken + 30 {
                check_same(store, &source, version);
            }
            for absent in [0, taken - 1, taken + 31] {
                assert!(matches!(store.snapshot(absent), Err(StoreError::NoSuchVersion { .. })));
            }
        }
    }
}

#[test]
fn a_restored_store_is_found_again_and_rolled_back_no_further_than_its_snapshot() {
    let (seed, taken) = (5, 20);
    let source = in_memory(60, seed);
    let stream = stream_of(&source.snapshot(taken).unwrap());
    let disk = MemoryDisk::default();
    restore(&open_store(&disk, &short_epochs()).unwrap(), taken, &stream, None).unwrap();
    let names = disk.list().unwrap();
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(names.iter().all(|name| name.ends_with("-00000000000000000020")), "{names:?}");

    check_same(&open_store(&disk, &short_epochs()).unwrap(), &source, taken);
    go_on(&open_store(&disk, &short_epochs()).unwrap(), &source, taken + 3, seed);
    assert!(matches!(roll_back(&disk, taken - 1), Err(StoreError::NoSuchVersion { .. })));
    assert!(matches!(roll_back(&disk, 0), Err(StoreError::NoSuchVersion { .. })));
    roll_back(&disk, taken + 1).unwrap();
    roll_back(&disk, taken).unwrap();
    let store = open_store(&disk, &short_epochs()).unwrap();
    assert_eq!(store.version(), taken);
    check_same(&store, &source, taken);
    go_on(&store, &source, 60, seed);
}

#[test]
fn pruning_deletes_a_restored_version_like_any_other() {
    let (seed, taken) = (6, 20);
    let source = in_memory(60, seed);
    let stream = stream_of(&source.snapshot(taken).unwrap());
    let disk = MemoryDisk::default();
    let store = open_store(&disk, &StoreOptions { pruning: Pruning::Everything, ..short_epochs() }).unwrap();
    restore(&store, taken, &stream, None).unwrap();
    let held = store.snapshot(taken).unwrap();
    let mut nodes = held.nodes(BANK).unwrap();
    go_on(&store, &source, 60, seed);
    assert_eq!(store.oldest_version(), 58);
    assert!(disk.list().unwrap().iter().all(|name| !name.ends_with("-00000000000000000020")));
    // whoever began to read it reads it to its end
    assert!(nodes.by_ref().map(Result::unwrap).eq(stream[1].1.iter().cloned()));
    assert!(nodes.next().is_none());
    check_same(&store, &source, 58);
}

#[test]
fn the_files_of_a_real_disk_are_restored_and_found_again() {
    let (seed, taken) = (7, 30);
    let source = in_memory(40, seed);
    let stream = stream_of(&source.snapshot(taken).unwrap());
    let directory = tempfile::tempdir().unwrap();
    let options = StoreOptions::default();
    let store = MultiStore::open(directory.path(), &STORES, &options).unwrap();
    restore(&store, taken, &stream, None).unwrap();
    go_on(&store, &source, 35, seed);
    drop(store);
    let store = MultiStore::open(directory.path(), &STORES, &options).unwrap();
    check_same(&store, &source, taken);
    check_same(&store, &source, 35);
}

#[test]
fn a_snapshot_brings_exactly_the_optional_stores_that_it_names() {
    let options = StoreOptions { optional: vec![FEES], ..short_epochs() };
    let node = SnapshotNode { key: "key".into(), value: Some("value".into()), version: 3, height: 0 };
    let changes = Changes::from_iter([(Bytes::from("key"), Some(Bytes::from("value")))]);
    for named in [false, true] {
        let disk = MemoryDisk::default();
        let store = open_store(&disk, &options).unwrap();
        // the other way round before: what is mounted is what the snapshot names
        if !named {
            store.mount(FEES).unwrap();
        }
        let mut stream: Stream = vec![("bank", vec![node.clone()]), ("acc", Vec::new())];
        if named {
            stream.insert(1, ("fees", vec![node.clone()]));
        }
        let app_hash = restore(&store, 3, &stream, None).unwrap();
        let same = MultiStore::in_memory(&[&STORES[..], if named { &[FEES] } else { &[] }].concat()).unwrap();
        for version in 1..=3 {
            let written = if named { [BANK, FEES].to_vec() } else { [BANK].to_vec() };
            let written = written.into_iter().filter(|_| version == 3).map(|store| (store, &changes));
            same.apply(version, time_of(version), written).unwrap();
            same.commit().unwrap();
        }
        assert_eq!(same.app_hash(), app_hash);
        drop(store);
        let store = open_store(&disk, &options).unwrap();
        assert_eq!((store.version(), store.app_hash()), (3, app_hash));
        assert_eq!(store.stores().count(), if named { 3 } else { 2 });
        let read = store.snapshot(3).unwrap().try_get(FEES, b"key");
        assert_eq!(read.is_ok(), named);
        assert_eq!(store.latest().get(BANK, b"key").as_deref(), Some(&b"value"[..]));
        assert!(matches!(store.mount(FEES), Err(StoreError::MountedTooLate { .. })) != named);
    }
}

#[test]
fn whoever_reads_the_empty_store_goes_on_to_find_nothing() {
    let taken = 10;
    let source = in_memory(taken, 8);
    let stream = stream_of(&source.snapshot(taken).unwrap());
    let written: Vec<Bytes> = entries_of(&*source.latest(), BANK).into_keys().collect();
    assert!(!written.is_empty());
    for store in [
        MultiStore::in_memory(&STORES).unwrap(),
        open_store(&MemoryDisk::default(), &short_epochs()).unwrap(),
    ] {
        let held = store.latest();
        restore(&store, taken, &stream, None).unwrap();
        for key in &written {
            assert_eq!((held.get(BANK, key), held.has(BANK, key)), (None, false));
            assert!(store.latest().has(BANK, key));
        }
        for reverse in [false, true] {
            assert_eq!(held.seek(BANK, &KeyRange::all(), reverse), None);
        }
    }
}

#[test]
fn the_newest_version_is_taken_while_blocks_are_committed() {
    let seed = 9;
    let source = in_memory(60, seed);
    for background in [false, true] {
        let disk = MemoryDisk::default();
        let options = StoreOptions { background, pruning: Pruning::Everything, ..short_epochs() };
        let store = open_store(&disk, &options).unwrap();
        go_on(&store, &source, 12, seed);
        // blocks between the nodes
        let snapshot = store.snapshot(12).unwrap();
        for (key, (_, expected)) in STORES.into_iter().zip(stream_of(&source.snapshot(12).unwrap())) {
            for (number, (node, expected)) in snapshot.nodes(key).unwrap().zip(expected).enumerate() {
                assert_eq!(node.unwrap(), expected);
                if number % 5 == 0 && store.version() < 40 {
                    go_on(&store, &source, store.version() + 1, seed);
                }
            }
        }
        // blocks in another thread
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                go_on(&store, &source, 60, seed);
                done.store(true, Ordering::Release);
            });
            loop {
                let last = done.load(Ordering::Acquire);
                let version = store.version();
                let Ok(snapshot) = store.snapshot(version) else { continue };
                // pruning may be quicker than the first look at a version; then a later one is taken
                match snapshot.nodes(BANK) {
                    Ok(nodes) => {
                        let nodes: Vec<_> = nodes.map(Result::unwrap).collect();
                        assert_eq!(nodes, stream_of(&source.snapshot(version).unwrap())[1].1);
                    }
                    Err(StoreError::NoSuchVersion { .. }) => {}
                    Err(error) => panic!("{error}"),
                }
                if last {
                    break;
                }
            }
        });
    }
}

#[test]
fn nobody_waits_for_a_version_that_the_archive_will_never_have() {
    let disk = MemoryDisk::default();
    let store = open_store(&disk, &short_epochs()).unwrap();
    apply(&store, 1, &block(1, 0)).unwrap();
    // the log is written and synced, then the archive's first write fails
    disk.plan(disk.operations() + 3, crate::disk::memory::Fault::Fails);
    assert!(matches!(store.commit(), Err(StoreError::Disk { .. })));
    let snapshot = store.snapshot(1).unwrap();
    assert!(matches!(snapshot.nodes(BANK).map(|_| ()), Err(StoreError::Stopped { .. })));
}

#[test]
fn the_store_stops_when_the_thread_that_writes_history_panics() {
    let disk = MemoryDisk::default();
    let store = open_store(&disk, &StoreOptions { background: true, ..short_epochs() }).unwrap();
    disk.plan(0, crate::disk::memory::Fault::ArchivistPanics);
    apply(&store, 1, &block(1, 0)).unwrap();
    store.commit().unwrap();
    let snapshot = store.snapshot(1).unwrap();
    let Err(StoreError::Stopped { cause }) = snapshot.nodes(BANK).map(|_| ()) else { panic!() };
    assert_eq!(cause, StoreError::Archivist.to_string());
    assert!(matches!(apply(&store, 2, &block(2, 0)), Err(StoreError::Stopped { .. })));
    drop((snapshot, store));
    let store = open_store(&disk.after_kill(), &short_epochs()).unwrap();
    check_version(&store, 1, &expected(1, 0)[1]);
}
