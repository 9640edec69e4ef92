//! Where snapshots lie: `<height>/<format>/<index>` for each chunk, as the SDK lays them, and what is known of the snapshot beside them.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use prost::Message as _;

use crate::{Draft, Snapshot, error::SnapshotError};

/// The file beside the chunks that says what the snapshot is; the SDK has a database for it.
pub(crate) const METADATA: &str = "_snapshot";
/// How the name of what is being made or taken away ends.
pub(crate) const BEING_MADE: &str = "new";

#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

pub(crate) fn place(root: &Path, height: u64, format: u32) -> PathBuf {
    root.join(height.to_string()).join(format.to_string())
}

impl Folder {
    /// The folder is made when the first snapshot is.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Removes what a node that was stopped left unfinished. Nobody else may be at work in the folder.
    pub fn remove_unfinished(&self) -> Result<(), SnapshotError> {
        for height in names(&self.0)? {
            let height = self.0.join(height);
            for name in names(&height)?.iter().filter(|name| name.ends_with(BEING_MADE)) {
                let path = height.join(name);
                fs::remove_dir_all(&path).map_err(SnapshotError::disk(&path))?;
            }
            // unless something is in it
            let _ = fs::remove_dir(&height);
        }
        Ok(())
    }

    /// Every whole snapshot, newest first.
    pub fn list(&self) -> Result<Vec<Snapshot>, SnapshotError> {
        let mut found = Vec::new();
        for height in numbers::<u64>(&self.0)? {
            for format in numbers::<u32>(&self.0.join(height.to_string()))? {
                match self.get(height, format) {
                    Ok(snapshot) => found.push(snapshot),
                    // chunks that belong to another program's database
                    Err(SnapshotError::Missing { .. }) => {}
                    Err(error) => tracing::warn!(%error, height, format, "a snapshot cannot be read"),
                }
            }
        }
        found.sort_by_key(|snapshot| std::cmp::Reverse((snapshot.height, snapshot.format)));
        Ok(found)
    }

    pub fn get(&self, height: u64, format: u32) -> Result<Snapshot, SnapshotError> {
        let path = place(&self.0, height, format).join(METADATA);
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(SnapshotError::Missing { height, format });
            }
            read => read.map_err(SnapshotError::disk(&path))?,
        };
        let snapshot = Snapshot::decode(&bytes[..])
            .map_err(|error| SnapshotError::InvalidMetadata(format!("{}: {error}", path.display())))?;
        if (snapshot.height, snapshot.format) != (height, format) {
            return Err(SnapshotError::InvalidMetadata(format!("{}: of another height", path.display())));
        }
        Ok(snapshot)
    }

    /// A chunk, if there is one.
    pub fn chunk(&self, height: u64, format: u32, index: u32) -> Result<Option<Vec<u8>>, SnapshotError> {
        let path = place(&self.0, height, format).join(index.to_string());
        match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            read => read.map(Some).map_err(SnapshotError::disk(&path)),
        }
    }

    /// Begins a snapshot; it must not be there yet.
    pub fn begin(&self, height: u64, format: u32) -> Result<Draft, SnapshotError> {
        if height == 0 {
            return Err(SnapshotError::Conflict("snapshot height cannot be 0".into()));
        }
        if self.get(height, format).is_ok() {
            return Err(SnapshotError::Conflict(format!(
                "snapshot already exists for height {height} format {format}"
            )));
        }
        Draft::begin(&self.0, height, format)
    }

    /// Begins to keep a snapshot that is received; one of the same name that is here already is replaced once it is whole.
    pub fn receive(&self, height: u64, format: u32) -> Result<Draft, SnapshotError> {
        Draft::begin(&self.0, height, format)
    }

    /// Removes a snapshot; one that is not there is no failure.
    pub fn delete(&self, height: u64, format: u32) -> Result<(), SnapshotError> {
        let path = place(&self.0, height, format);
        let going = path.with_extension(BEING_MADE);
        match fs::rename(&path, &going) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            renamed => renamed.map_err(SnapshotError::disk(&path))?,
        }
        fs::remove_dir_all(&going).map_err(SnapshotError::disk(&going))?;
        let _ = fs::remove_dir(self.0.join(height.to_string()));
        Ok(())
    }

    /// Keeps the snapshots of so many of the newest heights and removes the others; how many.
    pub fn prune(&self, keep: usize) -> Result<usize, SnapshotError> {
        let snapshots = self.list()?;
        let heights: BTreeSet<u64> = snapshots.iter().map(|snapshot| snapshot.height).collect();
        let kept: BTreeSet<u64> = heights.into_iter().rev().take(keep).collect();
        let mut removed = 0;
        for snapshot in snapshots.iter().filter(|snapshot| !kept.contains(&snapshot.height)) {
            self.delete(snapshot.height, snapshot.format)?;
            removed += 1;
        }
        Ok(removed)
    }
}

/// What lies in a folder; nothing if it is not there.
fn names(folder: &Path) -> Result<Vec<String>, SnapshotError> {
    let entries = match fs::read_dir(folder) {
        // a file among the heights is none of ours
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(Vec::new());
        }
        entries => entries.map_err(SnapshotError::disk(folder))?,
    };
    let mut names = Vec::new();
    for entry in entries {
        names.extend(entry.map_err(SnapshotError::disk(folder))?.file_name().into_string());
    }
    Ok(names)
}

/// The names that are numbers, as they are written here.
fn numbers<N: std::str::FromStr + ToString>(folder: &Path) -> Result<Vec<N>, SnapshotError> {
    let number = |name: String| name.parse::<N>().ok().filter(|number| number.to_string() == name);
    Ok(names(folder)?.into_iter().filter_map(number).collect())
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};

    use super::*;

    fn make(folder: &Folder, height: u64, chunks: &[&[u8]]) -> Snapshot {
        let mut draft = folder.begin(height, 3).unwrap();
        chunks.iter().for_each(|chunk| draft.add(chunk).unwrap());
        draft.finish().unwrap()
    }

    #[test]
    fn a_snapshot_is_listed_once_it_is_whole_and_its_hashes_are_those_of_its_chunks() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path().join("snapshots"));
        assert!(folder.list().unwrap().is_empty());
        let mut draft = folder.begin(7, 3).unwrap();
        draft.add(b"one").unwrap();
        draft.add(b"two").unwrap();
        assert!(folder.list().unwrap().is_empty());
        assert_eq!(folder.chunk(7, 3, 0).unwrap(), None);
        let made = draft.finish().unwrap();
        assert_eq!((made.height, made.format, made.chunks), (7, 3, 2));
        assert_eq!(made.hash, Sha256::digest(b"onetwo").to_vec());
        let hashes = made.metadata.clone().unwrap().chunk_hashes;
        assert_eq!(hashes, [Sha256::digest(b"one").to_vec(), Sha256::digest(b"two").to_vec()]);
        assert_eq!(folder.list().unwrap(), [made]);
        assert_eq!(folder.chunk(7, 3, 1).unwrap().unwrap(), b"two");
        assert_eq!(fs::read(place.path().join("snapshots/7/3/1")).unwrap(), b"two");
        assert_eq!(folder.chunk(7, 3, 2).unwrap(), None);
        assert!(matches!(folder.begin(7, 3), Err(SnapshotError::Conflict(_))));
        assert!(matches!(folder.begin(0, 3), Err(SnapshotError::Conflict(_))));
        assert!(matches!(folder.get(8, 3), Err(SnapshotError::Missing { height: 8, format: 3 })));
    }

    #[test]
    fn a_snapshot_that_is_not_finished_leaves_no_files() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path());
        let mut draft = folder.begin(7, 3).unwrap();
        draft.add(b"one").unwrap();
        drop(draft);
        assert!(names(place.path()).unwrap().is_empty());
        // one whose process was killed
        let mut draft = folder.begin(8, 3).unwrap();
        draft.add(b"one").unwrap();
        std::mem::forget(draft);
        make(&folder, 9, &[b"x"]);
        assert_eq!(folder.list().unwrap().len(), 1);
        folder.remove_unfinished().unwrap();
        assert_eq!(names(place.path()).unwrap(), ["9"]);
        make(&folder, 8, &[b"x"]);
    }

    #[test]
    fn the_newest_heights_are_kept() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path());
        for height in [9, 10, 100, 20] {
            make(&folder, height, &[b"x"]);
        }
        // what is not ours is neither listed nor removed
        fs::create_dir_all(place.path().join("metadata.db")).unwrap();
        fs::create_dir_all(place.path().join("30/3")).unwrap();
        let heights = || folder.list().unwrap().iter().map(|snapshot| snapshot.height).collect::<Vec<_>>();
        assert_eq!(heights(), [100, 20, 10, 9]);
        assert_eq!(folder.prune(2).unwrap(), 2);
        assert_eq!(heights(), [100, 20]);
        folder.delete(100, 3).unwrap();
        folder.delete(100, 3).unwrap();
        assert_eq!(heights(), [20]);
        assert!(!place.path().join("100").exists() && place.path().join("metadata.db").exists());
        assert_eq!(folder.prune(0).unwrap(), 1);
    }

    #[test]
    fn a_damaged_snapshot_is_left_out_of_the_list() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path());
        make(&folder, 4, &[b"x"]);
        make(&folder, 5, &[b"x"]);
        fs::write(place.path().join("5/3").join(METADATA), b"\xff").unwrap();
        assert_eq!(folder.list().unwrap().len(), 1);
        assert!(matches!(folder.get(5, 3), Err(SnapshotError::InvalidMetadata(_))));
        // under the name of another
        fs::copy(place.path().join("4/3").join(METADATA), place.path().join("5/3").join(METADATA)).unwrap();
        assert!(matches!(folder.get(5, 3), Err(SnapshotError::InvalidMetadata(_))));
    }
}
