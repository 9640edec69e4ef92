//! A fault at every operation on the disk while a snapshot is restored and the blocks behind it are committed: afterwards
//! the store is empty or at the snapshot's version, or where it was after that, and takes the snapshot or the next block.
//!
//! The default run tries every operation of the restore and every seventh behind it, IZ_STORE_FAULTS=all tries all.

use super::*;
use crate::disk::{Disk, memory::Fault};

const TAKEN: u64 = 18;
const LAST: u64 = 21;
const SEED: u64 = 10;

struct Source {
    expected: Vec<Expected>,
    stream: Stream,
}

impl Source {
    fn new() -> Self {
        let stream = stream_of(&in_memory(TAKEN, SEED).snapshot(TAKEN).unwrap());
        Self { expected: expected(LAST, SEED), stream }
    }

    fn restore(&self, store: &MultiStore) -> Result<Hash, StoreError> {
        restore(store, TAKEN, &self.stream, Some(self.expected[TAKEN as usize].app_hash))
    }

    /// Commits every block up to the last one.
    fn go_on(&self, store: &MultiStore) -> Result<(), StoreError> {
        for version in store.version() + 1..=LAST {
            let app_hash = apply(store, version, &block(version, SEED))?;
            assert_eq!(app_hash, self.expected[version as usize].app_hash);
            store.commit()?;
        }
        Ok(())
    }

    /// The state of a version. The time of a restored one is unknown.
    fn check(&self, store: &MultiStore, version: u64) {
        let snapshot = store.snapshot(version).unwrap();
        let expected = &self.expected[version as usize];
        assert_eq!(snapshot.app_hash().unwrap(), expected.app_hash);
        for (key, entries) in STORES.into_iter().zip(&expected.entries) {
            assert_eq!(&entries_of(&snapshot, key), entries);
        }
    }
}

/// What a run came to.
struct Run {
    /// The last version that was reported, and the one in flight.
    reported: u64,
    in_flight: u64,
    failed: bool,
}

/// Restores and goes on until the end or the first failure that stops the store. When the restore fails and the store goes
/// on, the snapshot is tried again, or left alone for the chain's first block if `gives_up`.
fn run(disk: &MemoryDisk, source: &Source, gives_up: bool) -> Run {
    let Ok(store) = open_store(disk, &short_epochs()) else {
        return Run { reported: 0, in_flight: 0, failed: true };
    };
    let mut failed = false;
    while let Err(error) = source.restore(&store) {
        let again = failed;
        failed = true;
        assert_eq!((store.version(), store.key_count()), (0, 0), "{error}");
        if matches!(store.begin_restore(TAKEN).map(|_| ()), Err(StoreError::Stopped { .. })) {
            return Run { reported: 0, in_flight: TAKEN, failed };
        }
        let names = disk.list().unwrap();
        assert!(names.iter().all(|name| name.ends_with(&format!("{:020}", 0))), "{error} leaves {names:?}");
        if gives_up || again {
            break;
        }
    }
    failed |= source.go_on(&store).is_err();
    Run { reported: store.version(), in_flight: store.version() + 1, failed }
}

/// Opens what a fault left behind and checks everything.
fn check_recovery(disk: &MemoryDisk, run: &Run, source: &Source, context: &str) {
    let store = open_store(disk, &short_epochs()).unwrap_or_else(|error| panic!("{context}: {error}"));
    let version = store.version();
    assert!(version == run.reported || version == run.in_flight, "{context}: found {version}");
    let names = disk.list().unwrap();
    if version == 0 {
        assert!(names.iter().all(|name| name.ends_with(&format!("{:020}", 0))), "{context}: {names:?}");
        source.restore(&store).unwrap();
    }
    let oldest = store.oldest_version();
    assert!(oldest == 1 || oldest == TAKEN, "{context}: {oldest}");
    let bases = crate::disk::versions_of(&names, "tree");
    assert!(oldest == 1 || version == 0 || bases[0] == TAKEN, "{context}: {names:?}");
    source.go_on(&store).unwrap_or_else(|error| panic!("{context}: {error}"));
    for version in [oldest, TAKEN, LAST] {
        source.check(&store, version);
    }
    drop(store);
    let store = open_store(disk, &short_epochs()).unwrap_or_else(|error| panic!("{context}: {error}"));
    assert_eq!((store.version(), store.oldest_version()), (LAST, oldest), "{context}");
    source.check(&store, TAKEN);
}

#[test]
fn a_fault_at_any_operation_of_a_restore_leaves_the_store_empty_or_restored() {
    let source = Source::new();
    let whole = MemoryDisk::default();
    source.restore(&open_store(&whole, &short_epochs()).unwrap()).unwrap();
    let of_restore = whole.operations();
    let whole = MemoryDisk::default();
    assert!(!run(&whole, &source, false).failed);
    let operations = whole.operations();
    assert!(of_restore > 20 && operations > of_restore + 10, "{of_restore} of {operations} operations");
    let all = std::env::var("IZ_STORE_FAULTS").is_ok_and(|faults| faults == "all");
    let tried = |at: &u64| all || *at <= of_restore || at.is_multiple_of(7);
    for fault in [Fault::Crash, Fault::Fails, Fault::ShortWrite, Fault::DiskFull] {
        for at in (1..=operations).filter(tried) {
            let gives_up = at % 2 == fault as u64 % 2;
            let disk = MemoryDisk::default();
            disk.plan(at, fault);
            let run = run(&disk, &source, gives_up);
            let context = format!("{fault:?} at operation {at} of {operations}");
            check_recovery(&disk.after_kill(), &run, &source, &format!("{context}, killed"));
            for seed in 0..3 {
                let lost = disk.after_power_loss(seed ^ (at << 3));
                check_recovery(&lost, &run, &source, &format!("{context}, power lost ({seed})"));
            }
        }
    }
}

#[test]
fn a_crash_while_a_half_restored_store_is_opened_is_recovered_from() {
    let source = Source::new();
    for first in 1..40 {
        let disk = MemoryDisk::default();
        disk.plan(first, Fault::Crash);
        let run = run(&disk, &source, false);
        let found = disk.after_power_loss(first);
        for second in 1..20 {
            let again = found.after_kill();
            again.plan(second, Fault::Crash);
            if open_store(&again, &short_epochs()).is_ok() {
                break;
            }
            let context = format!("crash at {first}, then at {second} of the recovery");
            check_recovery(&again.after_power_loss(second), &run, &source, &context);
        }
    }
}

#[test]
fn a_log_with_commits_but_without_what_they_build_on_is_damage() {
    let source = Source::new();
    let disk = MemoryDisk::default();
    assert!(!run(&disk, &source, false).failed);
    // as if the base of a restored store had been lost, and an empty one were there in its place
    for name in disk.list().unwrap().iter().filter(|name| !name.starts_with("log-")) {
        disk.remove(name).unwrap();
    }
    let refused = open_store(&disk, &short_epochs()).map(|_| ());
    assert!(matches!(&refused, Err(StoreError::Corrupt { .. })), "{refused:?}");
}
