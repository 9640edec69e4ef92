//! What can go wrong with blobs.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::Address;

/// Why one peer did not give a blob.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PeerError {
    #[error("cannot be reached: {0}")]
    Unreachable(String),
    #[error("has no such blob")]
    Missing,
    #[error("answers with HTTP status {0}")]
    Status(u16),
    #[error("sends more than {limit} bytes")]
    TooLarge { limit: u64 },
    #[error("sends other bytes, with hash {found}")]
    WrongHash { found: Address },
    #[error("ends after {0} bytes")]
    Truncated(u64),
}

#[derive(Debug, Error)]
pub enum StoreError {
    #[error("{0} is no blob's address")]
    Address(String),
    #[error("a blob of {size} bytes is larger than the limit of {limit}")]
    TooLarge { size: u64, limit: u64 },
    /// Nothing was written or lost.
    #[error("{path}: the disk is full")]
    DiskFull { path: PathBuf },
    #[error("the store would hold {size} bytes and may hold {limit}; raise its limit or remove blobs")]
    Full { size: u64, limit: u64 },
    #[error("blob {0} is damaged: its bytes have another hash")]
    Damaged(Address),
    #[error("{path}: {error}")]
    File { path: PathBuf, error: io::Error },
    #[error("no peer gives blob {address}: {}", list(.reasons))]
    NoPeer { address: Address, reasons: Vec<(String, PeerError)> },
    #[error("{0} is not the URL of a store: file:/// or http(s):// to a bucket")]
    Url(String),
    #[error("the bucket {bucket}: {reason}")]
    Bucket { bucket: String, reason: String },
    #[error("cannot serve on {address}: {error}")]
    Serve { address: String, error: io::Error },
}

impl StoreError {
    pub(crate) fn file(path: &Path, error: io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path },
            _ => Self::File { path, error },
        }
    }
}

fn list(reasons: &[(String, PeerError)]) -> String {
    if reasons.is_empty() {
        return "none is known".into();
    }
    reasons.iter().map(|(peer, reason)| format!("{peer} {reason}")).collect::<Vec<_>>().join("; ")
}
