//! What can go wrong with a snapshot, and whose fault it is.

use std::{io, path::Path};

use iz_store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    #[error("unknown snapshot format {format}; this release reads and writes format {}", crate::FORMAT)]
    UnknownFormat { format: u32 },

    #[error("invalid snapshot metadata: {0}")]
    InvalidMetadata(String),

    #[error("chunk {index} of the snapshot has the hash {got}, its metadata say {expected}")]
    ChunkHash { index: u32, got: String, expected: String },

    #[error("the snapshot is malformed: {0}")]
    Malformed(String),

    #[error("there is no snapshot of height {height} in format {format}")]
    Missing { height: u64, format: u32 },

    /// Something else has to end or to go away first.
    #[error("{0}")]
    Conflict(String),

    #[error("invalid archive: {0}")]
    Archive(String),

    #[error("{path}: {source}")]
    Disk { path: String, source: io::Error },

    #[error(transparent)]
    Store(#[from] StoreError),
}

impl SnapshotError {
    pub fn malformed(what: impl Into<String>) -> Self {
        Self::Malformed(what.into())
    }

    pub(crate) fn disk(path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.display().to_string();
        move |source| Self::Disk { path, source }
    }

    /// Whether the bytes of a snapshot are to blame, and not the node that reads them: another snapshot may do.
    #[must_use]
    pub fn is_of_the_bytes(&self) -> bool {
        match self {
            Self::Disk { .. } | Self::Conflict(_) | Self::Missing { .. } => false,
            Self::Store(error) => !matches!(
                error,
                StoreError::Disk { .. }
                    | StoreError::Stopped { .. }
                    | StoreError::Corrupt { .. }
                    | StoreError::NotEmpty { .. }
            ),
            _ => true,
        }
    }
}
