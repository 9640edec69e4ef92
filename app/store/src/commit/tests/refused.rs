//! Snapshots that are not what they should be: refused with what is wrong, and the store stays empty and useful.

use super::*;
use crate::NodeFault;

const VERSION: u64 = 12;
const SEED: u64 = 3;

fn leaf(key: &'static str, version: u64) -> SnapshotNode {
    SnapshotNode { key: key.into(), value: Some("value".into()), version, height: 0 }
}

fn inner(key: &'static str, version: u64, height: u8) -> SnapshotNode {
    SnapshotNode { key: key.into(), value: None, version, height }
}

/// Nothing of a refused snapshot stays: the store is empty, and takes a good one.
fn check_still_empty(store: &MultiStore) {
    assert_eq!((store.version(), store.key_count()), (0, 0));
    let source = in_memory(VERSION + 1, SEED);
    let stream = stream_of(&source.snapshot(VERSION).unwrap());
    restore(store, VERSION, &stream, None).unwrap();
    let app_hash = apply(store, VERSION + 1, &block(VERSION + 1, SEED)).unwrap();
    assert_eq!(app_hash, source.app_hash());
}

fn empty_stores() -> [MultiStore; 2] {
    let on_disk = open_store(&MemoryDisk::default(), &short_epochs()).unwrap();
    [MultiStore::in_memory(&STORES).unwrap(), on_disk]
}

/// Restores a stream that is bad and must be refused.
fn refusal(version: u64, stream: &Stream, app_hash: Option<Hash>) -> StoreError {
    let refusals = empty_stores().map(|store| {
        let refused = restore(&store, version, stream, app_hash).unwrap_err();
        check_still_empty(&store);
        refused
    });
    assert_eq!(refusals[0].to_string(), refusals[1].to_string());
    let [refused, _] = refusals;
    refused
}

#[test]
fn every_fault_of_a_node_is_named() {
    let (a, b, c) = (leaf("a", 2), leaf("b", 3), leaf("c", 2));
    let changed = |node: &SnapshotNode, change: fn(&mut SnapshotNode)| {
        let mut node = node.clone();
        change(&mut node);
        node
    };
    let cases: Vec<(Vec<SnapshotNode>, u64, NodeFault)> = vec![
        (vec![leaf("a", 8)], 1, NodeFault::Version { got: 8, newest: 7 }),
        (vec![leaf("a", 0)], 1, NodeFault::Version { got: 0, newest: 7 }),
        (vec![a.clone(), b.clone(), inner("b", 8, 1)], 3, NodeFault::Version { got: 8, newest: 7 }),
        (vec![changed(&a, |node| node.value = None)], 1, NodeFault::ValueMissing),
        (vec![b.clone(), a.clone()], 2, NodeFault::KeyOrder),
        (vec![a.clone(), a.clone()], 2, NodeFault::KeyOrder),
        // across subtrees, too
        (vec![a.clone(), c.clone(), inner("c", 3, 1), b.clone()], 4, NodeFault::KeyOrder),
        (vec![inner("a", 2, 1)], 1, NodeFault::ChildrenMissing),
        (vec![a.clone(), inner("a", 2, 1)], 2, NodeFault::ChildrenMissing),
        (
            vec![a.clone(), b.clone(), changed(&inner("b", 3, 1), |node| node.value = Some(Bytes::new()))],
            3,
            NodeFault::ValueOfInner,
        ),
        (vec![a.clone(), b.clone(), inner("b", 3, 2)], 3, NodeFault::Height { got: 2, left: 0, right: 0 }),
        (
            vec![a.clone(), b.clone(), inner("b", 3, 255)],
            3,
            NodeFault::Height { got: 255, left: 0, right: 0 },
        ),
        (vec![a.clone(), b.clone(), inner("a", 3, 1)], 3, NodeFault::Separator),
        (vec![a.clone(), b.clone(), inner("ba", 3, 1)], 3, NodeFault::Separator),
        (vec![a.clone(), b.clone(), inner("b", 2, 1)], 3, NodeFault::OlderThanChild { got: 2, child: 3 }),
        (
            vec![
                a.clone(),
                b.clone(),
                inner("b", 3, 1),
                c.clone(),
                inner("c", 3, 2),
                leaf("d", 3),
                inner("d", 3, 3),
            ],
            7,
            NodeFault::Unbalanced { left: 2, right: 0 },
        ),
    ];
    for (nodes, wrong, expected) in cases {
        let refused = refusal(7, &vec![("acc", Vec::new()), ("bank", nodes)], None);
        let StoreError::BadNode { store, number, fault } = &refused else {
            panic!("{expected:?}: {refused}")
        };
        assert_eq!((&store[..], *number, fault), ("bank", wrong, &expected));
        assert!(refused.to_string().contains(&expected.to_string()));
    }
    // the same nodes without a fault
    let whole = vec![a, b, inner("b", 3, 1), c, leaf("d", 7), inner("d", 7, 1), inner("c", 7, 2)];
    for store in empty_stores() {
        restore(&store, 7, &vec![("acc", Vec::new()), ("bank", whole.clone())], None).unwrap();
    }
}

#[test]
fn a_node_that_is_refused_changes_nothing() {
    let store = MultiStore::in_memory(&STORES).unwrap();
    let mut restore = store.begin_restore(7).unwrap();
    restore.begin_store("acc").unwrap();
    restore.begin_store("bank").unwrap();
    for node in [leaf("a", 1), leaf("b", 1)] {
        restore.add(node).unwrap();
        assert!(restore.add(leaf("a", 1)).is_err());
        assert!(restore.add(inner("b", 1, 9)).is_err());
    }
    restore.add(inner("b", 1, 1)).unwrap();
    assert_eq!(restore.nodes(), 3);
    let app_hash = store.restore(restore, None).unwrap();
    let same = MultiStore::in_memory(&STORES).unwrap();
    let changes = ["a", "b"].map(|key| (Bytes::from(key), Some(Bytes::from("value"))));
    let changes = Changes::from_iter(changes);
    assert_eq!(same.apply(1, time_of(1), [(BANK, &changes)]).unwrap(), app_hash);
}

#[test]
fn stores_and_versions_of_a_snapshot_are_checked() {
    let acc = || ("acc", vec![leaf("a", 1)]);
    let refused = refusal(7, &vec![acc(), ("bunk", Vec::new())], None);
    assert!(matches!(refused, StoreError::UnknownStore { name } if name == "bunk"));
    let refused = refusal(7, &vec![acc(), ("bank", Vec::new()), acc()], None);
    assert!(matches!(refused, StoreError::StoreRepeated { name } if name == "acc"));
    let refused = refusal(7, &vec![("bank", Vec::new())], None);
    assert!(matches!(refused, StoreError::StoreMissing { name } if name == "acc"));
    let refused = refusal(7, &Vec::new(), None);
    assert!(matches!(refused, StoreError::StoreMissing { .. }));
    let refused = refusal(7, &vec![acc(), ("bank", vec![leaf("a", 1), leaf("b", 1)])], None);
    assert!(
        matches!(refused, StoreError::TreeUnfinished { store, subtrees: 2 } if store == "bank"),
        "an inner node is missing"
    );
    let refused = refusal(7, &vec![acc(), ("bank", Vec::new())], Some([1; 32]));
    assert!(matches!(refused, StoreError::OtherAppHash { version: 7, expected: [1, ..], .. }));
    for store in empty_stores() {
        for version in [0, 1 << 63, u64::MAX] {
            let refused = store.begin_restore(version).map(|_| ());
            assert!(matches!(refused, Err(StoreError::SnapshotVersion { .. })));
        }
        let mut restore = store.begin_restore(i64::MAX.cast_unsigned()).unwrap();
        assert!(matches!(restore.add(leaf("a", 1)), Err(StoreError::NoStoreBegun)));
        check_still_empty(&store);
    }
}

#[test]
fn a_store_that_has_versions_takes_no_snapshot() {
    let stream = stream_of(&in_memory(VERSION, SEED).snapshot(VERSION).unwrap());
    for store in empty_stores() {
        let early = gather(&store, VERSION, &stream).unwrap();
        let later = gather(&store, VERSION, &stream).unwrap();
        let app_hash = apply(&store, 1, &block(1, SEED)).unwrap();
        assert!(matches!(store.begin_restore(9).map(|_| ()), Err(StoreError::NotEmpty { version: 0 })));
        assert!(matches!(store.restore(early, None), Err(StoreError::NotEmpty { version: 0 })));
        store.commit().unwrap();
        assert!(matches!(store.begin_restore(9).map(|_| ()), Err(StoreError::NotEmpty { version: 1 })));
        assert!(matches!(store.restore(later, None), Err(StoreError::NotEmpty { version: 1 })));
        assert_eq!((store.version(), store.app_hash()), (1, app_hash));
        apply(&store, 2, &block(2, SEED)).unwrap();
        store.commit().unwrap();
    }
}

#[test]
fn a_snapshot_with_any_change_is_refused() {
    let source = in_memory(VERSION, SEED);
    let (stream, app_hash) = (stream_of(&source.snapshot(VERSION).unwrap()), source.app_hash());
    let store = open_store(&MemoryDisk::default(), &short_epochs()).unwrap();
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let (mut nodes, mut hashes) = (0, 0);
    for _ in 0..2000 {
        let mut changed = stream.clone();
        let bank = &mut changed[1].1;
        let at = random.random_range(0..bank.len());
        let other = random.random_range(0..bank.len());
        let node = &mut bank[at];
        match random.random_range(0..9) {
            0 => node.version = random.random_range(0..=VERSION + 1),
            1 => node.height = random.random_range(0..5),
            2 => node.key = Bytes::copy_from_slice(&random.random_range(0..80_u16).to_be_bytes()),
            3 => node.key = after(&node.key),
            4 => node.value = random.random_bool(0.5).then(Bytes::new),
            5 => _ = bank.remove(at),
            6 => bank.insert(other, bank[at].clone()),
            7 => bank.swap(at, other),
            _ => bank.truncate(at),
        }
        if changed == stream {
            continue;
        }
        match restore(&store, VERSION, &changed, Some(app_hash)) {
            Err(StoreError::BadNode { .. } | StoreError::TreeUnfinished { .. }) => nodes += 1,
            Err(StoreError::OtherAppHash { .. }) => hashes += 1,
            other => panic!("{other:?}"),
        }
    }
    assert!(nodes > 500 && hashes > 50, "{nodes} refused by shape, {hashes} by app hash");
    check_still_empty(&store);
}
