//! Failures that have no place in a response: CometBFT gets them as an exception and stops, which is what must happen.

use iz_snapshots::SnapshotError;
use iz_store::StoreError;

/// Why the application cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum AbciError {
    #[error(transparent)]
    Store(#[from] StoreError),

    #[error(transparent)]
    Snapshot(#[from] SnapshotError),

    #[error("{0}")]
    Refused(String),

    #[error("block {height}: {source}")]
    Block { height: i64, source: iz_core::Error },

    #[error("genesis: {0}")]
    Genesis(String),

    #[error("an earlier failure left the application's {0} unusable; restart the node")]
    Poisoned(&'static str),
}

impl AbciError {
    pub(crate) fn refused(why: impl Into<String>) -> Self {
        Self::Refused(why.into())
    }
}
