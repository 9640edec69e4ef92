//! Versions on disk: read, proven, pruned, rolled back, found again after a start.

use std::{sync::atomic::Ordering, thread};

use ics23::{
    CommitmentProof, HostFunctionsManager, iavl_spec, tendermint_spec, verify_membership,
    verify_non_membership,
};
use prost::Message;

use super::*;
use crate::{commit::Pruning, commit::rollback::roll_back, disk::Disk};

const VERSIONS: u64 = 60;

fn run(store: &MultiStore, from: u64, to: u64, seed: u64) {
    for version in from..=to {
        apply(store, version, &block(version, seed)).unwrap();
        store.commit().unwrap();
    }
}

/// Waits for the thread that writes history, so that it does not begin fewer epochs the busier the machine is.
fn await_archive(store: &MultiStore) {
    while store.shared.archived.load(Ordering::Acquire) < store.version() {
        thread::yield_now();
    }
}

#[test]
fn every_kept_version_can_be_read_and_proven_before_and_after_a_start() {
    let expected = expected(VERSIONS, 1);
    for background in [false, true] {
        let options = StoreOptions { background, ..short_epochs() };
        let disk = MemoryDisk::default();
        let store = open_store(&disk, &options).unwrap();
        for from in (1..=VERSIONS).step_by(10) {
            run(&store, from, from + 9, 1);
            await_archive(&store);
        }
        let check = |store: &MultiStore| {
            assert_eq!(store.version(), VERSIONS);
            for version in 1..=VERSIONS {
                check_version(store, version, &expected[version as usize]);
                check_proofs(store, version, &expected[version as usize]);
            }
            for absent in [VERSIONS + 1, u64::MAX / 2, u64::MAX] {
                assert!(matches!(store.snapshot(absent), Err(StoreError::NoSuchVersion { .. })));
            }
        };
        check(&store);
        drop(store);
        assert!(disk.list().unwrap().iter().filter(|name| name.starts_with("tree-")).count() > 3);
        check(&open_store(&disk, &options).unwrap());
    }
}

#[test]
fn files_of_another_format_are_named_and_left_as_they_are() {
    for kind in ["tree", "log-"] {
        let disk = MemoryDisk::default();
        run(&open_store(&disk, &short_epochs()).unwrap(), 1, 2, 1);
        let found = disk.list().unwrap();
        let name = found.iter().find(|found| found.starts_with(kind)).unwrap();
        let file = disk.open(name).unwrap();
        let mut magic = [0; 8];
        file.read_at(&mut magic, 0).unwrap();
        magic[7] -= 1;
        file.write_at(&magic, 0).unwrap();
        let refused = open_store(&disk, &short_epochs()).map(|_| ());
        assert!(matches!(&refused, Err(StoreError::OtherFormat { path }) if path == name), "{refused:?}");
        magic[7] += 1;
        file.write_at(&magic, 0).unwrap();
        assert_eq!(open_store(&disk, &short_epochs()).unwrap().version(), 2);
    }
}

fn check_proofs(store: &MultiStore, version: u64, expected: &Expected) {
    for (number, key) in (0..80_u16).step_by(9).map(|number| (number, number.to_be_bytes())) {
        let proof = store.proof(version, BANK, &key).unwrap();
        let iavl = CommitmentProof::decode(&proof.iavl[..]).unwrap();
        let simple = CommitmentProof::decode(&proof.simple[..]).unwrap();
        let root = store.store_root(version, BANK).unwrap().to_vec();
        let found = expected.entries[1].get(&key[..]);
        let proven = match found {
            Some(value) => verify_membership::<HostFunctionsManager>(&iavl, &iavl_spec(), &root, &key, value),
            None if expected.entries[1].is_empty() => true,
            None => verify_non_membership::<HostFunctionsManager>(&iavl, &iavl_spec(), &root, &key),
        };
        assert!(proven, "version {version}, key {number}, there: {}", found.is_some());
        assert!(verify_membership::<HostFunctionsManager>(
            &simple,
            &tendermint_spec(),
            &expected.app_hash.to_vec(),
            b"bank",
            &root
        ));
    }
}

#[test]
fn pruning_keeps_what_the_setting_says_and_deletes_whole_epochs() {
    let expected = expected(VERSIONS, 2);
    for (pruning, oldest) in [
        (Pruning::Default, 1),
        (Pruning::Nothing, 1),
        (Pruning::Everything, VERSIONS - 2),
        (Pruning::Custom { keep_recent: 15, interval: 10 }, VERSIONS - 15),
    ] {
        let disk = MemoryDisk::default();
        let options = StoreOptions { pruning, ..short_epochs() };
        let store = open_store(&disk, &options).unwrap();
        run(&store, 1, VERSIONS, 2);
        for reopened in [false, true] {
            let store = if reopened { &open_store(&disk, &options).unwrap() } else { &store };
            assert_eq!(store.oldest_version(), oldest, "{pruning:?}");
            for version in oldest..=VERSIONS {
                check_version(store, version, &expected[version as usize]);
            }
            for version in 1..oldest {
                assert!(matches!(store.snapshot(version), Err(StoreError::NoSuchVersion { .. })));
            }
        }
        let epochs = disk.list().unwrap().iter().filter(|name| name.starts_with("tree-")).count();
        assert_eq!(epochs > 3, oldest == 1, "{pruning:?} keeps {epochs} epochs");
    }
}

#[test]
fn custom_pruning_is_refused_in_the_words_of_the_sdk() {
    let refused = |keep_recent, interval| {
        let pruning = Pruning::Custom { keep_recent, interval };
        let options = StoreOptions { pruning, ..short_epochs() };
        open_store(&MemoryDisk::default(), &options).err().map(|error| error.to_string())
    };
    assert!(refused(100, 0).unwrap().contains("'pruning-interval' must not be 0"));
    assert!(refused(100, 9).unwrap().contains("'pruning-interval' must not be less than 10"));
    assert!(refused(1, 10).unwrap().contains("'pruning-keep-recent' must not be less than 2"));
    assert_eq!(refused(2, 10), None);
}

#[test]
fn a_held_snapshot_outlives_its_epoch() {
    let expected = expected(VERSIONS, 3);
    let disk = MemoryDisk::default();
    let options = StoreOptions { pruning: Pruning::Everything, ..short_epochs() };
    let store = open_store(&disk, &options).unwrap();
    run(&store, 1, 8, 3);
    let (held, newest) = (store.snapshot(7).unwrap(), store.snapshot(8).unwrap());
    held.proof(BANK, b"key").unwrap();
    newest.proof(BANK, b"key").unwrap();
    run(&store, 9, VERSIONS, 3);
    assert!(store.snapshot(7).is_err());
    assert_eq!(entries_of(&held, BANK), expected[7].entries[1]);
    assert_eq!(entries_of(&newest, BANK), expected[8].entries[1]);
}

#[test]
fn rolling_back_forgets_later_versions_and_the_same_blocks_lead_to_the_same_hashes() {
    let expected = expected(VERSIONS, 4);
    for back_to in (0..VERSIONS).rev().take(14) {
        let disk = MemoryDisk::default();
        run(&open_store(&disk, &short_epochs()).unwrap(), 1, VERSIONS, 4);
        match roll_back(&disk, back_to) {
            Ok(()) => {}
            Err(StoreError::NoSuchVersion { .. }) if back_to + 7 < VERSIONS => continue,
            Err(error) => panic!("{back_to}: {error}"),
        }
        let store = open_store(&disk, &short_epochs()).unwrap();
        assert_eq!(store.version(), back_to);
        for version in 1..=back_to {
            check_version(&store, version, &expected[version as usize]);
        }
        run(&store, back_to + 1, VERSIONS, 4);
        assert_eq!(store.app_hash(), expected[VERSIONS as usize].app_hash);
    }
}

#[test]
fn a_chain_may_begin_at_any_height() {
    let disk = MemoryDisk::default();
    let store = open_store(&disk, &short_epochs()).unwrap();
    run(&store, 1_000, 1_030, 5);
    let app_hash = store.app_hash();
    drop(store);
    let store = open_store(&disk, &short_epochs()).unwrap();
    assert_eq!((store.version(), store.app_hash()), (1_030, app_hash));
    assert!(store.snapshot(1_000).is_ok());
    assert!(matches!(store.snapshot(999), Err(StoreError::NoSuchVersion { .. })));
}

#[test]
fn an_optional_store_counts_from_its_mounting_on_and_is_found_again() {
    let options = StoreOptions { optional: vec![FEES], ..short_epochs() };
    let disk = MemoryDisk::default();
    let store = open_store(&disk, &options).unwrap();
    assert!(matches!(store.proof(0, FEES, b"key"), Err(StoreError::UnknownStore { .. })));
    let changes = Changes::from_iter([(Bytes::from("key"), Some(Bytes::from("value")))]);
    assert!(store.apply(1, time_of(1), [(FEES, &changes)]).is_err());
    let without = store.apply(1, time_of(1), [(ACC, &changes)]).unwrap();
    store.mount(FEES).unwrap();
    assert_ne!(store.apply(1, time_of(1), [(ACC, &changes)]).unwrap(), without);
    let with = store.apply(1, time_of(1), [(FEES, &changes)]).unwrap();
    store.commit().unwrap();
    drop(store);
    let store = open_store(&disk, &options).unwrap();
    assert_eq!((store.version(), store.app_hash()), (1, with));
    assert_eq!(store.latest().get(FEES, b"key").as_deref(), Some(&b"value"[..]));
    let plain = open_store(&MemoryDisk::default(), &options).unwrap();
    plain.apply(1, time_of(1), [(ACC, &changes)]).unwrap();
    plain.commit().unwrap();
    assert!(matches!(plain.mount(FEES), Err(StoreError::MountedTooLate { .. })));
}
