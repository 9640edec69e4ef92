//! Random operations on the tree and on the reference tree side by side.
//!
//! The default run is short; IZ_STORE_OPS=1000000 (in release mode) makes it the long one.

use super::{SplitMix, Tree, reference::RefNode, save, set};
use crate::{
    reader::KeyRange,
    tree::{get, seek},
};
use std::collections::BTreeMap;

const DEFAULT_OPERATIONS: u64 = 20_000;

fn operations() -> u64 {
    std::env::var("IZ_STORE_OPS").ok().and_then(|text| text.parse().ok()).unwrap_or(DEFAULT_OPERATIONS)
}

#[test]
fn random_operations_give_the_roots_and_reads_of_the_reference_tree() {
    let (operations, seed) = (operations(), 7);
    let mut random = SplitMix(seed);
    let mut tree = Tree::default();
    let mut reference: Option<RefNode> = None;
    let mut entries: BTreeMap<Vec<u8>, Vec<u8>> = BTreeMap::new();
    let (mut done, mut version) = (0, 0);
    while done < operations {
        version += 1;
        // a new mix every few versions: small and large key spaces, growth and shrinkage to nothing
        let mut phase = SplitMix(seed ^ (version / 25));
        let (space, sets) = (1 + phase.below(400), phase.below(11));
        // now and then a version is written, thrown away and written again
        if random.below(5) == 0 {
            tree.begin(version);
            for _ in 0..20 {
                set(&mut tree, &random.below(400).to_be_bytes()[6..], b"discarded");
                tree.remove(&random.below(400).to_be_bytes()[6..]);
            }
            tree.hash();
        }
        tree.begin(version);
        for _ in 0..random.below(60) {
            done += 1;
            let key = &random.below(space).to_be_bytes()[6..];
            if random.below(10) < sets {
                let value = random.below(3).to_string();
                set(&mut tree, key, value.as_bytes());
                reference = Some(RefNode::set(reference.take(), key, value.as_bytes()));
                entries.insert(key.to_vec(), value.into_bytes());
            } else {
                let removed = tree.remove(key);
                assert_eq!(removed, entries.remove(key).is_some());
                if removed {
                    assert!(reference.as_ref().is_some_and(|root| root.has(key)));
                    reference = reference.take().and_then(|root| root.remove(key));
                }
            }
        }
        assert_eq!(
            save(&mut tree),
            RefNode::save_root(&mut reference, version),
            "seed {seed}, version {version}"
        );
        assert_eq!(
            tree.live_nodes(),
            (2 * entries.len()).saturating_sub(1),
            "seed {seed}, version {version}"
        );
        for _ in 0..4 {
            check_reads(&tree, &entries, &mut random);
        }
    }
}

fn check_reads(tree: &Tree, entries: &BTreeMap<Vec<u8>, Vec<u8>>, random: &mut SplitMix) {
    let root = tree.root().map(|root| root.place());
    let mut bound = || random.below(410).to_be_bytes()[6..].to_vec();
    let (start, end) = (bound(), bound());
    assert_eq!(get(tree, root, &start).unwrap().as_deref(), entries.get(&start).map(|value| &value[..]));
    let range = KeyRange::new(start.clone(), Some(end.clone().into()));
    let inside = || entries.iter().filter(|(key, _)| **key >= start && **key < end);
    let owned = |(key, value): (&Vec<u8>, &Vec<u8>)| (key.clone().into(), value.clone().into());
    assert_eq!(seek(tree, root, &range, false).unwrap(), inside().next().map(owned));
    assert_eq!(seek(tree, root, &range, true).unwrap(), inside().next_back().map(owned));
}
