//! A snapshot that is being made or received. Nobody sees it before it is whole.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
};

use prost::Message as _;
use sha2::{Digest as _, Sha256};

use crate::{Metadata, Snapshot, error::SnapshotError, folder};

/// Chunks in a folder of a temporary name, which goes away with the draft unless it is finished.
pub struct Draft {
    height: u64,
    format: u32,
    /// Where it is made, and where it goes.
    made: PathBuf,
    place: PathBuf,
    hashes: Vec<Vec<u8>>,
    all: Sha256,
}

impl Draft {
    pub(crate) fn begin(root: &Path, height: u64, format: u32) -> Result<Self, SnapshotError> {
        let place = folder::place(root, height, format);
        let made = place.with_extension(folder::BEING_MADE);
        if made.exists() {
            fs::remove_dir_all(&made).map_err(SnapshotError::disk(&made))?;
        }
        fs::create_dir_all(&made).map_err(SnapshotError::disk(&made))?;
        Ok(Self { height, format, made, place, hashes: Vec::new(), all: Sha256::new() })
    }

    /// Writes the next chunk.
    pub fn add(&mut self, chunk: &[u8]) -> Result<(), SnapshotError> {
        write(&self.made.join(self.hashes.len().to_string()), chunk)?;
        self.hashes.push(Sha256::digest(chunk).to_vec());
        self.all.update(chunk);
        Ok(())
    }

    /// Gives the snapshot its name, under which it is listed and served.
    pub fn finish(mut self) -> Result<Snapshot, SnapshotError> {
        let snapshot = self.snapshot()?;
        self.publish(&snapshot)?;
        Ok(snapshot)
    }

    /// The same, if it is what somebody said of it.
    pub fn finish_as(mut self, told: &Snapshot) -> Result<Snapshot, SnapshotError> {
        let snapshot = self.snapshot()?;
        if snapshot != *told {
            return Err(SnapshotError::InvalidMetadata(
                "the saved snapshot is not equal to the original one".to_owned(),
            ));
        }
        self.publish(&snapshot)?;
        Ok(snapshot)
    }

    fn snapshot(&mut self) -> Result<Snapshot, SnapshotError> {
        let chunks = u32::try_from(self.hashes.len())
            .map_err(|_| SnapshotError::malformed("more chunks than can be counted"))?;
        Ok(Snapshot {
            height: self.height,
            format: self.format,
            chunks,
            hash: self.all.finalize_reset().to_vec(),
            metadata: Some(Metadata { chunk_hashes: std::mem::take(&mut self.hashes) }),
        })
    }

    fn publish(&self, snapshot: &Snapshot) -> Result<(), SnapshotError> {
        write(&self.made.join(folder::METADATA), &snapshot.encode_to_vec())?;
        sync_folder(&self.made)?;
        if self.place.exists() {
            // one that was received halfway in an earlier life, or by another program
            fs::remove_dir_all(&self.place).map_err(SnapshotError::disk(&self.place))?;
        }
        fs::rename(&self.made, &self.place).map_err(SnapshotError::disk(&self.place))?;
        self.place.parent().map_or(Ok(()), sync_folder)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if self.made.exists()
            && let Err(error) = fs::remove_dir_all(&self.made)
        {
            tracing::warn!(%error, folder = %self.made.display(), "an unfinished snapshot could not be removed");
        }
        // the height's folder goes if nothing else is in it
        if let Some(height) = self.made.parent() {
            let _ = fs::remove_dir(height);
        }
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), SnapshotError> {
    let write = || {
        let mut file = File::create(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(SnapshotError::disk(path))
}

fn sync_folder(path: &Path) -> Result<(), SnapshotError> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(SnapshotError::disk(path))
}
