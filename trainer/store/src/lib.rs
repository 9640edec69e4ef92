//! Blobs under their SHA-256: masked updates, models, manifests. On local disk or in an S3-compatible bucket, served over HTTP, fetched
//! from peers; whatever comes from anywhere is hashed before it is believed.

#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "ages of files are measured with a clock; nothing here is consensus code"
)]

mod address;
mod error;
mod fetch;
mod local;
mod s3;
mod serve;
mod signature;

pub use address::Address;
pub use error::{PeerError, StoreError};
pub use fetch::Peers;
pub use local::{Limits, Local};
pub use s3::{Bucket, Credentials};
pub use serve::{Server, Writes, router};

/// Where blobs are kept.
pub trait Store: Send + Sync {
    /// Keeps a blob; it is on stable storage when this returns.
    fn put(&self, bytes: &[u8]) -> Result<Address, StoreError>;
    /// A blob, if it is there. One whose bytes do not have its hash any more is an error.
    fn get(&self, address: &Address) -> Result<Option<Vec<u8>>, StoreError>;
    fn has(&self, address: &Address) -> Result<bool, StoreError>;
    fn remove(&self, address: &Address) -> Result<(), StoreError>;
    /// The most bytes a blob may have.
    fn largest(&self) -> u64;
}
