//! The versioned Merkle store. Reads go through [`Reader`]; writes collect in an [`Overlay`] and reach the trees at commit.

mod archive;
mod bytes_format;
mod cache;
mod commit;
mod disk;
mod error;
mod index;
mod key;
mod proof;
mod reader;
mod stream;
mod time;
mod tree;

pub use cache::{Changes, Checkpoint, Overlay, after};
pub use commit::{MultiStore, Pruning, Restore, Snapshot, StoreOptions};
pub use error::StoreError;
pub use key::StoreKey;
pub use proof::StoreProof;
pub use reader::{Entry, KeyRange, Reader, prefix_end};
pub use stream::{NodeFault, SnapshotNode};
pub use time::VersionTime;
pub use tree::Hash;
