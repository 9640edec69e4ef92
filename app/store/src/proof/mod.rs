//! ICS-23 proofs: of a key in a store's tree, and of a store's root in the app hash.

mod iavl;
mod simple;

pub use iavl::prove_key;
pub use simple::{prove_store, root_of_stores};

/// The two steps of a proof, each an encoded ICS-23 `CommitmentProof`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreProof {
    /// The key's existence or absence below the store's root (`ics23:iavl`).
    pub iavl: Vec<u8>,
    /// The store's root below the app hash (`ics23:simple`).
    pub simple: Vec<u8>,
}
