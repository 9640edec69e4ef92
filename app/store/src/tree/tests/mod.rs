//! The tree against Go's iavl, against a slow obvious model, and its proofs against the ICS-23 verifier.

mod golden;
mod model;
mod proofs;
mod reference;
mod together;

use super::{Hash, Payload, Tree};

/// SplitMix64, as tests/go/main.go has it.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}

fn set(tree: &mut Tree, key: &[u8], value: &[u8]) {
    tree.set(key, Payload::from(value));
}

fn save(tree: &mut Tree) -> Hash {
    let hash = tree.hash();
    let orphans = tree.commit();
    tree.release(&orphans);
    hash
}
