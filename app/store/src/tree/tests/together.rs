//! Writing many keys together must give the tree that writing them one by one gives.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::{Payload, SplitMix, Tree, save};
use crate::tree::Write;

#[test]
fn writes_of_a_block_give_the_same_root_together_and_one_by_one() {
    let mut random = SplitMix(11);
    let (mut together, mut single) = (Tree::default(), Tree::default());
    for version in 1..=300_u64 {
        let (space, sets) = (1 + random.below(600), random.below(11));
        let mut changes: BTreeMap<Bytes, Option<Payload>> = BTreeMap::new();
        for _ in 0..random.below(200) {
            // keys of one to nine bytes, many with equal beginnings
            let key = random.below(space).to_be_bytes();
            let key = Bytes::copy_from_slice(&key[key.len() - 1 - (random.below(8) as usize)..]);
            let key = if random.below(4) == 0 { [&b"12345678"[..], &key].concat().into() } else { key };
            let value = (random.below(10) < sets).then(|| Payload::from(&version.to_be_bytes()[..]));
            changes.insert(key, value);
        }
        single.begin(version);
        for (key, value) in &changes {
            match value {
                Some(value) => _ = single.set(key, value.clone()),
                None => _ = single.remove(key),
            }
        }
        together.begin(version);
        let write = |(key, value)| Write { key, value, inserted: None };
        let mut writes: Vec<Write> = changes.into_iter().map(write).collect();
        together.write_all(&mut writes);
        assert_eq!(save(&mut together), save(&mut single), "version {version}");
        assert_eq!(together.live_nodes(), single.live_nodes());
    }
}
