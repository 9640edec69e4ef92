//! What can go wrong in the store, and what to do about it.

use std::{io, sync::Arc};

use crate::{stream::NodeFault, tree::Hash};

/// Every failure of the store. Those of disk and corruption are meant to stop the node.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    #[error(
        "version {version} is not kept: versions {oldest} to {newest} are; ask for one of those or keep more by the pruning setting"
    )]
    NoSuchVersion { version: u64, oldest: u64, newest: u64 },

    #[error("no store is mounted under the name {name:?}")]
    UnknownStore { name: String },

    #[error(
        "store {name} is mounted twice, or shares its index with another; give each store a name and an index of its own"
    )]
    MountedTwice { name: String },

    #[error("version {got} cannot follow version {committed}; apply blocks in order")]
    OutOfOrder { committed: u64, got: u64 },

    #[error("nothing was applied since version {committed}; apply a block's changes before committing")]
    NothingApplied { committed: u64 },

    #[error("store {name} can only be mounted before the first version")]
    MountedTooLate { name: String },

    #[error(
        "disk: {action} {path}: {source}; the last marked commit is safe, free the cause and start again"
    )]
    Disk { action: &'static str, path: String, source: Arc<io::Error> },

    #[error("{path} is damaged ({what}); restore it from a backup or sync the node anew")]
    Corrupt { path: String, what: String },

    #[error("{path} is not what this release writes; run the release that wrote it, or sync the node anew")]
    OtherFormat { path: String },

    #[error("the store stopped after an earlier failure ({cause}); restart the node")]
    Stopped { cause: String },

    #[error("the thread that writes history panicked; its message is in the log")]
    Archivist,

    #[error(
        "a snapshot can only be restored into an empty store, and this one is at version {version} or has a block applied; start with an empty directory"
    )]
    NotEmpty { version: u64 },

    #[error("there is no snapshot of version {version}: versions are 1 to {}", i64::MAX)]
    SnapshotVersion { version: u64 },

    #[error("the snapshot begins store {name} twice; take another snapshot")]
    StoreRepeated { name: String },

    #[error("the snapshot has a node before it names a store; take another snapshot")]
    NoStoreBegun,

    #[error("node {number} of store {store} cannot be part of a snapshot: {fault}; take another snapshot")]
    BadNode { store: String, number: u64, fault: NodeFault },

    #[error(
        "the snapshot ends while store {store} has {subtrees} subtrees without a parent; take another snapshot"
    )]
    TreeUnfinished { store: String, subtrees: usize },

    #[error("the snapshot lacks store {name}, which this release needs; run the release that made it")]
    StoreMissing { name: String },

    #[error(
        "the snapshot of version {version} gives app hash {}, and the chain's is {}; take another snapshot",
        hex::encode(got),
        hex::encode(expected)
    )]
    OtherAppHash { version: u64, got: Hash, expected: Hash },

    #[error("pruning: {0}")]
    Pruning(&'static str),
}

impl StoreError {
    pub(crate) fn disk(action: &'static str, path: impl Into<String>, source: io::Error) -> Self {
        Self::Disk { action, path: path.into(), source: Arc::new(source) }
    }

    pub(crate) fn corrupt(path: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Corrupt { path: path.into(), what: what.into() }
    }
}
