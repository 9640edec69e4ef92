//! Proofs as a counterparty checks them: with the ics23 crate's own verifier and the specifications of IAVL and Tendermint.

use ics23::{
    CommitmentProof, HostFunctionsManager, commitment_proof::Proof, iavl_spec, tendermint_spec,
    verify_membership, verify_non_membership,
};

use super::{Hash, SplitMix, Tree, save, set};
use crate::proof::{prove_key, prove_store, root_of_stores};

fn exists(proof: &CommitmentProof, root: &Hash, key: &[u8], value: &[u8]) -> bool {
    verify_membership::<HostFunctionsManager>(proof, &iavl_spec(), &root.to_vec(), key, value)
}

fn is_absent(proof: &CommitmentProof, root: &Hash, key: &[u8]) -> bool {
    verify_non_membership::<HostFunctionsManager>(proof, &iavl_spec(), &root.to_vec(), key)
}

fn prove(tree: &Tree, key: &[u8]) -> CommitmentProof {
    prove_key(tree, tree.root().map(|root| root.place()), key).unwrap()
}

/// Keys 10, 12, 14, … of two bytes each, written over several versions.
fn even_tree(keys: u64) -> (Tree, Hash) {
    let mut tree = Tree::default();
    let mut root = Hash::default();
    for version in 1..=4 {
        tree.begin(version);
        for number in (0..keys).filter(|number| number % 4 == version - 1) {
            set(&mut tree, &key(10 + 2 * number), b"value");
        }
        root = save(&mut tree);
    }
    (tree, root)
}

fn key(number: u64) -> [u8; 2] {
    (number as u16).to_be_bytes()
}

#[test]
fn every_key_can_be_proven_and_only_with_its_value() {
    for keys in [1, 2, 3, 7, 64, 333] {
        let (tree, root) = even_tree(keys);
        for number in 0..keys {
            let key = key(10 + 2 * number);
            let proof = prove(&tree, &key);
            assert!(exists(&proof, &root, &key, b"value"));
            assert!(!exists(&proof, &root, &key, b"other"));
            assert!(!exists(&proof, &Hash::default(), &key, b"value"));
            assert!(!is_absent(&proof, &root, &key));
        }
    }
}

#[test]
fn absence_can_be_proven_before_the_first_between_and_after_the_last_key() {
    for keys in [1, 2, 3, 7, 64, 333] {
        let (tree, root) = even_tree(keys);
        for number in 0..=keys {
            let key = key(9 + 2 * number);
            let proof = prove(&tree, &key);
            assert!(is_absent(&proof, &root, &key), "{number} of {keys}");
            let Some(Proof::Nonexist(absence)) = proof.proof else { panic!("not an absence proof") };
            assert_eq!((absence.left.is_some(), absence.right.is_some()), (number > 0, number < keys));
        }
    }
}

#[test]
fn an_empty_store_gives_an_absence_proof_without_neighbours_that_nobody_accepts() {
    let proof = prove(&Tree::default(), b"key");
    let Some(Proof::Nonexist(absence)) = &proof.proof else { panic!("not an absence proof") };
    assert!(absence.left.is_none() && absence.right.is_none());
    assert!(!is_absent(&proof, &crate::tree::EMPTY_HASH, b"key"));
}

#[test]
fn an_empty_value_cannot_be_proven_nor_be_a_neighbour() {
    let mut tree = Tree::default();
    tree.begin(1);
    set(&mut tree, b"b", b"");
    set(&mut tree, b"f", b"full");
    let root = save(&mut tree);
    assert!(!exists(&prove(&tree, b"b"), &root, b"b", b""));
    assert!(!is_absent(&prove(&tree, b"c"), &root, b"c"));
    assert!(exists(&prove(&tree, b"f"), &root, b"f", b"full"));
    assert!(is_absent(&prove(&tree, b"g"), &root, b"g"));
}

#[test]
fn proofs_hold_after_random_removals() {
    let mut random = SplitMix(3);
    let mut tree = Tree::default();
    for version in 1..=60 {
        tree.begin(version);
        for _ in 0..40 {
            let key = random.below(200).to_be_bytes();
            if random.below(2) == 0 { set(&mut tree, &key, b"x") } else { _ = tree.remove(&key) }
        }
        let root = save(&mut tree);
        for _ in 0..20 {
            let key = random.below(200).to_be_bytes();
            let proof = prove(&tree, &key);
            let there = matches!(proof.proof, Some(Proof::Exist(_)));
            assert!(if there { exists(&proof, &root, &key, b"x") } else { is_absent(&proof, &root, &key) });
        }
    }
}

#[test]
fn every_store_root_can_be_proven_in_the_app_hash() {
    let names: Vec<String> = (0..23).map(|number| format!("store{number:02}")).collect();
    for count in 1..=names.len() {
        let stores: Vec<(&str, Hash)> =
            names[..count].iter().map(|name| (name.as_str(), crate::tree::sha256(name.as_bytes()))).collect();
        let app_hash = root_of_stores(&stores).to_vec();
        for (index, (name, root)) in stores.iter().enumerate() {
            let proof = prove_store(&stores, index).unwrap();
            let spec = tendermint_spec();
            assert!(verify_membership::<HostFunctionsManager>(
                &proof,
                &spec,
                &app_hash,
                name.as_bytes(),
                root
            ));
        }
    }
}
