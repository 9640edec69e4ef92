//! Readers hold one version while later ones commit, in one thread and beside a committing one.

#![allow(clippy::unwrap_used, reason = "a failing helper is a failing test")]

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use bytes::Bytes;
use iz_store::{KeyRange, MultiStore, Overlay, Reader, StoreKey, VersionTime};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const BANK: StoreKey = StoreKey::new(1, "bank");
const ACC: StoreKey = StoreKey::new(0, "acc");

type Model = BTreeMap<Bytes, Bytes>;

fn key(number: u32) -> Bytes {
    Bytes::copy_from_slice(&number.to_be_bytes()[2..])
}

fn write_block(store: &MultiStore, model: &mut Model, version: u64, random: &mut ChaCha8Rng) {
    let mut overlay = Overlay::new(store.latest());
    for _ in 0..random.random_range(0..40) {
        let key = key(random.random_range(0..120));
        if random.random_bool(0.6) {
            let value = Bytes::from(format!("{version}:{}", random.random::<u32>()));
            overlay.set(BANK, key.clone(), value.clone());
            model.insert(key, value);
        } else {
            overlay.delete(BANK, key.clone());
            model.remove(&key);
        }
    }
    overlay.set(ACC, key(1), version.to_string());
    store.apply(version, VersionTime::default(), overlay.changes()).unwrap();
    store.commit().unwrap();
}

fn check(reader: &dyn Reader, model: &Model, random: &mut ChaCha8Rng) {
    for number in 0..120 {
        assert_eq!(reader.get(BANK, &key(number)).as_ref(), model.get(&key(number)));
        assert_eq!(reader.has(BANK, &key(number)), model.contains_key(&key(number)));
    }
    for _ in 0..40 {
        let (start, end) = (key(random.random_range(0..125)), key(random.random_range(0..125)));
        let range = KeyRange::new(start.clone(), Some(end.clone()));
        let inside = || model.iter().filter(|(key, _)| **key >= start && **key < end);
        let owned = |(key, value): (&Bytes, &Bytes)| (key.clone(), value.clone());
        assert_eq!(reader.seek(BANK, &range, false), inside().next().map(owned));
        assert_eq!(reader.seek(BANK, &range, true), inside().next_back().map(owned));
    }
}

#[test]
fn every_version_reads_as_it_was_written_whenever_its_reader_was_made() {
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let store = MultiStore::in_memory(&[BANK, ACC]).unwrap();
    let mut model = Model::new();
    let mut held = vec![(store.latest(), model.clone())];
    for version in 1..=80 {
        write_block(&store, &mut model, version, &mut random);
        held.push((store.latest(), model.clone()));
        assert_eq!(store.version(), version);
    }
    for (version, (reader, model)) in held.iter().enumerate() {
        check(reader.as_ref(), model, &mut random);
        if version > 0 {
            check(&store.snapshot(version as u64).unwrap(), model, &mut random);
        }
    }
}

#[test]
fn a_version_may_be_applied_again_before_it_is_committed() {
    let store = MultiStore::in_memory(&[BANK, ACC]).unwrap();
    let mut first = Overlay::new(store.latest());
    first.set(BANK, key(1), "one");
    first.set(ACC, key(2), "two");
    let mut second = Overlay::new(store.latest());
    second.set(BANK, key(3), "three");
    let wanted = store.apply(1, VersionTime::default(), second.changes()).unwrap();
    assert_ne!(store.apply(1, VersionTime::default(), first.changes()).unwrap(), wanted);
    assert_eq!(store.latest().get(BANK, &key(1)), None);
    assert_eq!(store.apply(1, VersionTime::default(), second.changes()).unwrap(), wanted);
    store.commit().unwrap();
    assert_eq!(store.app_hash(), wanted);
    assert_eq!(store.latest().get(BANK, &key(1)), None);
    assert!(store.commit().is_err());
    assert!(store.apply(3, VersionTime::default(), second.changes()).is_err());
}

#[test]
fn readers_in_other_threads_see_one_version_whole() {
    let store = Arc::new(MultiStore::in_memory(&[BANK, ACC]).unwrap());
    let stop = Arc::new(AtomicBool::new(false));
    // every version writes its number under all of its keys, and under one more key than the version before
    let readers: Vec<_> = (0..3)
        .map(|_| {
            let (store, stop) = (store.clone(), stop.clone());
            thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let snapshot =
                        store.snapshot(store.version()).or_else(|_| store.snapshot(store.version()));
                    let Ok(snapshot) = snapshot else { continue };
                    let (version, mut seen, mut range) = (snapshot.version(), 0, KeyRange::all());
                    while let Some((key, value)) = snapshot.seek(BANK, &range, false) {
                        assert_eq!(value, version.to_string());
                        assert_eq!(snapshot.get(BANK, &key), Some(value));
                        range.start = [&key[..], &[0]].concat().into();
                        seen += 1;
                    }
                    assert_eq!(seen, version);
                }
            })
        })
        .collect();
    for version in 1..=300 {
        let mut overlay = Overlay::new(store.latest());
        for number in 0..version {
            overlay.set(BANK, key(number as u32), version.to_string());
        }
        store.apply(version, VersionTime::default(), overlay.changes()).unwrap();
        store.commit().unwrap();
    }
    stop.store(true, Ordering::Relaxed);
    for reader in readers {
        reader.join().unwrap();
    }
}
