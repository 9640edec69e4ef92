//! The operations of tests/go/main.go must give the roots, proofs and exported nodes that Go's iavl printed.

use prost::Message;

use super::{SplitMix, Tree, save, set};
use crate::{
    bytes_format::{put_bytes, put_number},
    proof::prove_key,
    stream::{TreeBuilder, Walk},
    tree::sha256,
};

const GOLDEN: &str = include_str!("../../../tests/golden/iavl_roots.txt");
const EXPORTS: &str = include_str!("../../../tests/golden/iavl_exports.txt");
const OPS_PER_VERSION: u32 = 120;
const KEY_SPACE: u64 = 3000;
/// The version that removes every key.
const EMPTIED: u64 = 250;

fn sets_in_ten(version: u64) -> u64 {
    match version {
        ..=80 => 8,
        81..=180 => 5,
        181..=300 => 1,
        _ => 6,
    }
}

fn key(number: u64) -> Vec<u8> {
    let digest = sha256(&[number as u8, (number >> 8) as u8]);
    digest[..1 + (number % 5) as usize].to_vec()
}

/// Walks over the tree and builds it again on the way; returns number and digest of the nodes as Go prints them.
fn export(tree: &Tree, version: u64, root: &str) -> (usize, String) {
    let mut walk = Walk::new(tree.root().map(|root| root.place()));
    let mut builder = TreeBuilder::new(version);
    let (mut count, mut bytes) = (0, Vec::new());
    while let Some(node) = walk.next(tree) {
        let node = node.unwrap();
        put_number(u64::from(node.height), &mut bytes);
        put_number(node.version, &mut bytes);
        put_bytes(&node.key, &mut bytes);
        put_bytes(node.value.as_deref().unwrap_or_default(), &mut bytes);
        builder.add(&node).unwrap();
        count += 1;
    }
    let mut built = builder.finish().unwrap_or_else(|left| panic!("{left} subtrees at version {version}"));
    assert_eq!(hex::encode(built.tree.hash()), root, "root of version {version}, built again");
    (count, hex::encode(sha256(&bytes)))
}

#[test]
fn forty_eight_thousand_operations_give_the_roots_and_exports_of_go() {
    let mut tree = Tree::default();
    let mut random = SplitMix(42);
    let mut versions = 0;
    let mut exports = EXPORTS.lines().peekable();
    for line in GOLDEN.lines() {
        let mut fields = line.split(' ');
        let version: u64 = fields.next().unwrap().parse().unwrap();
        let size: usize = fields.next().unwrap().parse().unwrap();
        let root = fields.next().unwrap();
        tree.begin(version);
        for _ in 0..OPS_PER_VERSION {
            let (kind, number, value) = (random.next(), random.below(KEY_SPACE), random.next());
            if kind % 10 < sets_in_ten(version) {
                set(&mut tree, &key(number), (value % 1000).to_string().as_bytes());
            } else {
                tree.remove(&key(number));
            }
        }
        if version == EMPTIED {
            for number in 0..KEY_SPACE {
                tree.remove(&key(number));
            }
        }
        assert_eq!(hex::encode(save(&mut tree)), root, "root of version {version}");
        assert_eq!(tree.live_nodes(), (2 * size).saturating_sub(1), "nodes in use at version {version}");
        if let Some(line) = exports.next_if(|line| line.starts_with(&format!("{version} "))) {
            let (count, digest) = export(&tree, version, root);
            assert_eq!(format!("{version} {count} {digest}"), line);
        }
        for digest in fields {
            let key = key(random.below(KEY_SPACE));
            if digest == "-" {
                continue;
            }
            let proof = prove_key(&tree, tree.root().map(|root| root.place()), &key).unwrap();
            assert_eq!(hex::encode(sha256(&proof.encode_to_vec())), digest, "proof at version {version}");
        }
        versions += 1;
    }
    assert_eq!((versions, exports.next()), (400, None));
}
