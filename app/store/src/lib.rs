//! The versioned Merkle store. Reads go through [`Reader`]; writes collect in an [`Overlay`] and reach the trees at commit.

mod cache;
mod key;
mod reader;

pub use cache::after;
pub use cache::{Checkpoint, Overlay};
pub use key::StoreKey;
pub use reader::{Entry, KeyRange, Reader, prefix_end};
