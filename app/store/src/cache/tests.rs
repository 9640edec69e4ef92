//! The overlay against a plain map, with nested checkpoints, and with very many removals.

use std::{collections::BTreeMap, sync::Arc};

use bytes::Bytes;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{Overlay, after};
use crate::{Entry, KeyRange, Reader, StoreKey};

const STORE: StoreKey = StoreKey::new(0, "store");

struct Plain(BTreeMap<Bytes, Bytes>);

impl Reader for Plain {
    fn get(&self, _: StoreKey, key: &[u8]) -> Option<Bytes> {
        self.0.get(key).cloned()
    }

    fn seek(&self, _: StoreKey, range: &KeyRange, reverse: bool) -> Option<Entry> {
        if range.end.as_ref().is_some_and(|end| *end <= range.start) {
            return None;
        }
        let mut found = self.0.range(range.start.clone()..).filter(|(key, _)| range.contains(key));
        let found = if reverse { found.last() } else { found.next() };
        found.map(|(key, value)| (key.clone(), value.clone()))
    }
}

fn key(number: u32) -> Bytes {
    Bytes::copy_from_slice(&number.to_be_bytes())
}

#[test]
fn random_writes_reverts_and_range_reads_agree_with_a_plain_map() {
    let mut random = ChaCha8Rng::seed_from_u64(2);
    let base: BTreeMap<Bytes, Bytes> =
        (0..60).step_by(3).map(|number| (key(number), Bytes::from("base"))).collect();
    let mut overlay = Overlay::new(Arc::new(Plain(base.clone())));
    let mut states = vec![base];
    let mut checkpoints = vec![overlay.checkpoint()];
    for _ in 0..6_000 {
        let written = key(random.random_range(0..60));
        match random.random_range(0..10) {
            0 => {
                states.push(states.last().unwrap().clone());
                checkpoints.push(overlay.checkpoint());
            }
            1 if states.len() > 1 => {
                states.pop();
                overlay.revert_to(checkpoints.pop().unwrap());
            }
            2 if states.len() > 1 => {
                let top = states.pop().unwrap();
                *states.last_mut().unwrap() = top;
                checkpoints.pop();
            }
            3..6 => {
                overlay.delete(STORE, written.clone());
                states.last_mut().unwrap().remove(&written);
            }
            _ => {
                let value = Bytes::from(random.random::<u16>().to_string());
                overlay.set(STORE, written.clone(), value.clone());
                states.last_mut().unwrap().insert(written, value);
            }
        }
        let plain = Plain(states.last().unwrap().clone());
        let (start, end) = (key(random.random_range(0..62)), key(random.random_range(0..62)));
        assert_eq!(overlay.get(STORE, &start), plain.get(STORE, &start));
        assert_eq!(overlay.has(STORE, &start), plain.has(STORE, &start));
        if random.random_bool(0.3) {
            let range = KeyRange::new(start, Some(end));
            for reverse in [false, true] {
                assert_eq!(overlay.seek(STORE, &range, reverse), plain.seek(STORE, &range, reverse));
            }
        }
    }
    overlay.revert_to(checkpoints[0]);
    assert_eq!(overlay.changes().count(), 0);
}

#[test]
fn a_million_pending_removals_are_passed_over_without_recursion() {
    const REMOVALS: u32 = 1_000_000;
    let mut overlay = Overlay::new(Arc::new(Plain(BTreeMap::from([(key(REMOVALS), Bytes::from("last"))]))));
    for number in 0..REMOVALS {
        overlay.delete(STORE, key(number));
    }
    let found = overlay.seek(STORE, &KeyRange::all(), false).unwrap();
    assert_eq!(found.0, key(REMOVALS));
    assert_eq!(overlay.seek(STORE, &KeyRange::new(key(0), Some(key(REMOVALS))), true), None);
    assert_eq!(after(b"a"), &b"a\0"[..]);
}
