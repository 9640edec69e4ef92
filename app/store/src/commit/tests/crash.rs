//! A fault at every operation on the disk: afterwards the store is at the last commit that was reported, or at the one in
//! flight, never at a mix; its history is there; and going on leads to the same hashes as if nothing had happened.
//!
//! The default run tries every fifth operation with each fault, IZ_STORE_FAULTS=all tries all.

use super::*;
use crate::disk::{Disk, memory::Fault};

const VERSIONS: u64 = 24;
const SEED: u64 = 9;

/// Runs blocks until the end or the first failure. Returns the last reported commit.
fn run_until_failure(disk: &MemoryDisk) -> (u64, Option<StoreError>) {
    let store = match open_store(disk, &short_epochs()) {
        Ok(store) => store,
        Err(error) => return (0, Some(error)),
    };
    for version in store.version() + 1..=VERSIONS {
        let result = apply(&store, version, &block(version, SEED)).and_then(|_| store.commit());
        if let Err(error) = result {
            let stopped = apply(&store, version, &block(version, SEED));
            assert!(matches!(stopped, Err(StoreError::Stopped { .. })), "the store goes on after {error}");
            return (store.version(), Some(error));
        }
    }
    (store.version(), None)
}

/// Opens what a fault left behind and checks everything.
fn check_recovery(disk: &MemoryDisk, reported: u64, expected: &[Expected], context: &str) {
    let store = open_store(disk, &short_epochs()).unwrap_or_else(|error| panic!("{context}: {error}"));
    let version = store.version();
    assert!(
        version == reported || version == reported + 1,
        "{context}: found {version}, reported {reported}"
    );
    for version in (1..=version).filter(|checked| checked + 2 > version || checked % 6 == 0) {
        check_version(&store, version, &expected[version as usize]);
    }
    for version in version + 1..=VERSIONS {
        let app_hash = apply(&store, version, &block(version, SEED)).unwrap();
        assert_eq!(app_hash, expected[version as usize].app_hash, "{context}");
        store.commit().unwrap();
    }
}

#[test]
fn a_fault_at_any_operation_leaves_the_last_commit_or_the_one_in_flight() {
    let expected = expected(VERSIONS, SEED);
    let whole = MemoryDisk::default();
    assert!(run_until_failure(&whole).1.is_none());
    let operations = whole.operations();
    let all = std::env::var("IZ_STORE_FAULTS").is_ok_and(|faults| faults == "all");
    assert!(operations > 150, "the run has only {operations} operations");
    for fault in [Fault::Crash, Fault::Fails, Fault::ShortWrite, Fault::DiskFull] {
        for at in (1..=operations).filter(|at| all || (at + fault as u64).is_multiple_of(5)) {
            let disk = MemoryDisk::default();
            disk.plan(at, fault);
            let (reported, _) = run_until_failure(&disk);
            let context = format!("{fault:?} at operation {at} of {operations}");
            check_recovery(&disk.after_kill(), reported, &expected, &format!("{context}, killed"));
            for seed in 0..3 {
                let lost = disk.after_power_loss(seed ^ (at << 3));
                check_recovery(&lost, reported, &expected, &format!("{context}, power lost ({seed})"));
            }
        }
    }
}

#[test]
fn a_crash_during_recovery_is_recovered_from() {
    let expected = expected(VERSIONS, SEED);
    for first in (40..160).step_by(7) {
        let disk = MemoryDisk::default();
        disk.plan(first, Fault::Crash);
        let (reported, _) = run_until_failure(&disk);
        let found = disk.after_power_loss(first);
        for second in 1..40 {
            let again = found.after_kill();
            again.plan(second, Fault::Crash);
            if open_store(&again, &short_epochs()).is_ok() {
                break;
            }
            let context = format!("crash at {first}, then at {second} of the recovery");
            check_recovery(&again.after_power_loss(second), reported, &expected, &context);
        }
    }
}

#[test]
fn a_full_disk_is_reported_as_such() {
    let disk = MemoryDisk::default();
    disk.plan(60, Fault::DiskFull);
    let (_, error) = run_until_failure(&disk);
    assert!(error.is_some_and(|error| error.to_string().contains("no space left on device")));
}

#[test]
fn damage_is_found_and_named() {
    let disk = MemoryDisk::default();
    let store = open_store(&disk, &StoreOptions { writes_per_base: 1_000_000, ..short_epochs() }).unwrap();
    for version in 1..=VERSIONS {
        apply(&store, version, &block(version, SEED)).unwrap();
        store.commit().unwrap();
    }
    drop(store);
    let refused = |disk: &MemoryDisk| open_store(disk, &short_epochs()).err().map(|error| error.to_string());
    let log = format!("log-{:020}", 0);
    // in the middle of the log: later commits are whole, so this is no torn end
    let damaged = disk.after_kill();
    damaged.damage(&log, disk.length(&log) / 2);
    assert!(refused(&damaged).unwrap().contains("is damaged"));
    // in a base
    let disk = MemoryDisk::default();
    assert!(run_until_failure(&disk).1.is_none());
    let base = disk.list().unwrap().into_iter().rfind(|name| name.starts_with("tree-")).unwrap();
    let damaged = disk.after_kill();
    damaged.damage(&base, 40);
    assert!(refused(&damaged).unwrap().contains("is damaged"));
}
