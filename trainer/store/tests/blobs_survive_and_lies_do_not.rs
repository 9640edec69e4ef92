//! The local store: what was put comes back, what is damaged, too large or too much is refused with a name.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_types,
    reason = "tests fail this way, and set ages of files"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use iz_trainer_store::{Address, Limits, Local, Store, StoreError};
use proptest::prelude::*;

fn limits() -> Limits {
    Limits { blob: 1000, total: 3000, age: None }
}

fn path(store: &Local, address: &Address) -> PathBuf {
    let name = address.to_string();
    store.root().join(&name[..2]).join(name)
}

#[test]
fn a_blob_comes_back_under_its_hash_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let store = Local::open(folder.path().join("deep/store"), limits()).unwrap();
    let address = store.put(b"abc").unwrap();
    assert_eq!(address.to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(store.put(b"abc").unwrap(), address);
    assert_eq!(store.size(), 3);
    drop(store);
    let store = Local::open(folder.path().join("deep/store"), limits()).unwrap();
    assert_eq!(store.get(&address).unwrap(), Some(b"abc".to_vec()));
    assert_eq!((store.size(), store.list().unwrap()), (3, vec![address]));
    assert_eq!(store.get(&Address::of(b"other")).unwrap(), None);
    assert_eq!(store.put(b"").unwrap(), Address::of(b""));
}

#[test]
fn damage_is_found_and_mended_by_the_right_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let store = Local::open(folder.path(), limits()).unwrap();
    let address = store.put(b"what was written").unwrap();
    for damage in [&b"what was writteM"[..], b"what was", b"", b"what was written and more"] {
        fs::write(path(&store, &address), damage).unwrap();
        assert!(matches!(store.get(&address), Err(StoreError::Damaged(found)) if found == address));
        assert_eq!(store.put(b"what was written").unwrap(), address);
        assert_eq!(store.get(&address).unwrap(), Some(b"what was written".to_vec()));
    }
}

#[test]
fn limits_hold_and_a_refusal_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Local::open(folder.path(), limits()).unwrap();
    let large = store.put(&[0; 1001]);
    assert!(matches!(large, Err(StoreError::TooLarge { size: 1001, limit: 1000 })), "{large:?}");
    let kept: Vec<Address> = (1..=3).map(|byte| store.put(&[byte; 1000]).unwrap()).collect();
    assert!(matches!(store.put(&[4]), Err(StoreError::Full { size: 3001, limit: 3000 })));
    for address in &kept {
        assert!(store.get(address).unwrap().is_some());
    }
    store.remove(&kept[0]).unwrap();
    store.remove(&kept[0]).unwrap();
    store.put(&[4]).unwrap();
    assert_eq!(store.size(), 2001);
}

#[test]
fn old_blobs_make_room_but_for_those_that_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let day = Duration::from_secs(24 * 3600);
    let store = Local::open(folder.path(), Limits { age: Some(day), ..limits() }).unwrap();
    let addresses: Vec<Address> = (1..=3).map(|byte| store.put(&[byte; 1000]).unwrap()).collect();
    store.keep(&addresses[0]).unwrap();
    for address in &addresses[..2] {
        let file = fs::File::options().write(true).open(path(&store, address)).unwrap();
        file.set_modified(SystemTime::now() - 2 * day).unwrap();
    }
    // a full store looks for what is old
    let fourth = store.put(&[4; 1000]).unwrap();
    let mut left = vec![addresses[0], addresses[2], fourth];
    left.sort_unstable();
    assert_eq!(store.list().unwrap(), left);
    assert_eq!(store.prune().unwrap(), 0);
}

#[test]
fn what_a_killed_process_left_is_cleared_and_other_files_are_let_be() {
    let folder = tempfile::tempdir().unwrap();
    let store = Local::open(folder.path(), limits()).unwrap();
    let address = store.put(b"whole").unwrap();
    drop(store);
    fs::write(folder.path().join("fresh/7"), b"hal").unwrap();
    fs::write(folder.path().join("README"), b"mine").unwrap();
    let store = Local::open(folder.path(), limits()).unwrap();
    assert_eq!((store.list().unwrap(), store.size()), (vec![address], 5));
    assert!(!folder.path().join("fresh/7").exists());
    assert!(folder.path().join("README").exists());
}

#[test]
fn a_disk_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let store = Local::open(folder.path(), limits()).unwrap();
    let address = Address::of(b"x");
    // a file where the folder has to be
    fs::write(folder.path().join(&address.to_string()[..2]), b"").unwrap();
    let failed = store.put(b"x");
    assert!(matches!(&failed, Err(StoreError::File { .. })), "{failed:?}");
    assert_eq!(store.size(), 0);
    assert_eq!(fs::read_dir(folder.path().join("fresh")).unwrap().count(), 0);
}

#[test]
fn threads_that_put_the_same_count_it_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = Local::open(folder.path(), limits()).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..8u8 {
            let store = &store;
            scope.spawn(move || {
                for byte in 0..20u8 {
                    store.put(&[byte; 50]).unwrap();
                    store.put(&[thread, byte]).unwrap();
                }
            });
        }
    });
    let listed: u64 =
        store.list().unwrap().iter().map(|address| store.get(address).unwrap().unwrap().len() as u64).sum();
    assert_eq!(store.size(), listed);
    assert_eq!(store.list().unwrap().len(), 20 + 8 * 20);
}

#[derive(Debug, Clone)]
enum Step {
    Put(u8, usize),
    Remove(usize),
    Damage(usize),
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (any::<u8>(), 0usize..1200).prop_map(|(byte, length)| Step::Put(byte, length)),
        1 => (0usize..8).prop_map(Step::Remove),
        1 => (0usize..8).prop_map(Step::Damage),
        1 => Just(Step::Reopen),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// The store against a map.
    #[test]
    fn the_store_is_a_map_with_limits(steps in proptest::collection::vec(step(), 1..24)) {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Local::open(folder.path(), limits()).unwrap();
        let mut model: BTreeMap<Address, Vec<u8>> = BTreeMap::new();
        for step in steps {
            let nth = |index: usize| model.keys().nth(index).copied();
            match step {
                Step::Put(byte, length) => {
                    let bytes = vec![byte; length];
                    let address = Address::of(&bytes);
                    let held: usize = model.values().map(Vec::len).sum();
                    let fits = model.contains_key(&address) || held + length <= 3000;
                    match store.put(&bytes) {
                        Ok(found) => {
                            prop_assert!(length <= 1000 && fits);
                            prop_assert_eq!(found, address);
                            model.insert(address, bytes);
                        }
                        Err(StoreError::TooLarge { .. }) => prop_assert!(length > 1000),
                        Err(StoreError::Full { .. }) => prop_assert!(length <= 1000 && !fits),
                        Err(other) => prop_assert!(false, "{other}"),
                    }
                }
                Step::Remove(index) => if let Some(address) = nth(index) {
                    store.remove(&address).unwrap();
                    model.remove(&address);
                },
                Step::Damage(index) => if let Some(address) = nth(index) {
                    let mut bytes = model[&address].clone();
                    match bytes.first_mut() {
                        Some(byte) => *byte ^= 1,
                        None => bytes.push(0),
                    }
                    fs::write(path(&store, &address), &bytes).unwrap();
                    prop_assert!(matches!(store.get(&address), Err(StoreError::Damaged(_))));
                    store.remove(&address).unwrap();
                    model.remove(&address);
                    // the byte that was added to an empty blob was never counted
                    store = Local::open(folder.path(), limits()).unwrap();
                },
                Step::Reopen => store = Local::open(folder.path(), limits()).unwrap(),
            }
            prop_assert_eq!(store.list().unwrap(), model.keys().copied().collect::<Vec<_>>());
            prop_assert_eq!(store.size(), model.values().map(|bytes| bytes.len() as u64).sum::<u64>());
            for (address, bytes) in &model {
                let found = store.get(address).unwrap();
                prop_assert_eq!(found.as_ref(), Some(bytes));
            }
        }
    }

    #[test]
    fn an_address_has_one_spelling(text in "\\PC{0,70}") {
        if let Ok(address) = text.parse::<Address>() {
            prop_assert_eq!(address.to_string(), text);
        }
    }
}
