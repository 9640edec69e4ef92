//! A snapshot as one file, to be carried to another node: a compressed tar of `_snapshot`, which says what it is, and the chunks.

use std::{
    fs::File,
    io::{BufReader, BufWriter, Write as _},
    path::Path,
};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use prost::Message as _;

use crate::{Folder, LONGEST_CHUNK, Snapshot, error::SnapshotError, folder::METADATA, tar};

/// Writes a snapshot of the folder into a file, as `wasmd snapshots dump` does.
pub fn dump(folder: &Folder, height: u64, format: u32, to: &Path) -> Result<(), SnapshotError> {
    let snapshot = folder.get(height, format)?;
    let failed = || SnapshotError::disk(to);
    let file = File::create(to).map_err(failed())?;
    // the chunks are compressed already
    let mut out = GzEncoder::new(BufWriter::new(file), Compression::fast());
    tar::put(&mut out, METADATA, &snapshot.encode_to_vec()).map_err(failed())?;
    for index in 0..snapshot.chunks {
        let chunk = folder.chunk(height, format, index)?;
        let chunk = chunk.ok_or_else(|| SnapshotError::Archive(format!("chunk {index} is missing")))?;
        tar::put(&mut out, &index.to_string(), &chunk).map_err(failed())?;
    }
    tar::end(&mut out).map_err(failed())?;
    let written = out.finish().and_then(|mut out| out.flush());
    written.map_err(failed())
}

/// Takes a snapshot into the folder from a file that [`dump`] or wasmd wrote. Nothing is taken that is not what it says it is.
pub fn load(folder: &Folder, from: &Path) -> Result<Snapshot, SnapshotError> {
    let invalid = SnapshotError::Archive;
    let file = File::open(from).map_err(SnapshotError::disk(from))?;
    let mut input = GzDecoder::new(BufReader::new(file));
    let mut take = || tar::take(&mut input, LONGEST_CHUNK).map_err(SnapshotError::disk(from));
    let (name, bytes) = take()?.ok_or_else(|| invalid("it is empty".into()))?;
    if name != METADATA {
        return Err(invalid(format!("expect file: {METADATA}, got: {name}")));
    }
    let told = Snapshot::decode(&bytes[..]).map_err(|error| invalid(format!("{METADATA}: {error}")))?;
    let mut draft = folder.begin(told.height, told.format)?;
    for index in 0..told.chunks {
        let Some((name, chunk)) = take()? else { break };
        if name != index.to_string() {
            return Err(invalid(format!("expect file: {index}, got: {name}")));
        }
        draft.add(&chunk)?;
    }
    draft.finish_as(&told)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use flate2::write::GzEncoder;

    use super::*;

    fn folder_with_a_snapshot(place: &Path) -> (Folder, Snapshot) {
        let folder = Folder::new(place.join("snapshots"));
        let mut draft = folder.begin(12, 3).unwrap();
        draft.add(&[1; 1000]).unwrap();
        draft.add(&[2; 512]).unwrap();
        let made = draft.finish().unwrap();
        (folder, made)
    }

    #[test]
    fn what_is_dumped_is_loaded_and_never_twice() {
        let place = tempfile::tempdir().unwrap();
        let (folder, made) = folder_with_a_snapshot(place.path());
        let file = place.path().join("12-3.tar.gz");
        dump(&folder, 12, 3, &file).unwrap();
        let other = Folder::new(place.path().join("other"));
        assert_eq!(load(&other, &file).unwrap(), made);
        assert_eq!(other.list().unwrap(), [made]);
        assert_eq!(other.chunk(12, 3, 1).unwrap().unwrap(), [2; 512]);
        assert!(matches!(load(&other, &file), Err(SnapshotError::Conflict(_))));
        assert!(matches!(dump(&folder, 13, 3, &file), Err(SnapshotError::Missing { .. })));
    }

    #[test]
    fn an_archive_that_is_not_what_it_says_is_refused_and_leaves_nothing() {
        let place = tempfile::tempdir().unwrap();
        let (_, made) = folder_with_a_snapshot(place.path());
        let other = Folder::new(place.path().join("other"));
        let file = place.path().join("archive");
        let write = |files: &[(&str, &[u8])]| {
            let mut out = GzEncoder::new(Vec::new(), Compression::fast());
            for (name, contents) in files {
                tar::put(&mut out, name, contents).unwrap();
            }
            tar::end(&mut out).unwrap();
            fs::write(&file, out.finish().unwrap()).unwrap();
        };
        let metadata = made.encode_to_vec();
        let good: [(&str, &[u8]); 3] = [("_snapshot", &metadata), ("0", &[1; 1000]), ("1", &[2; 512])];
        type Files<'a> = &'a [(&'a str, &'a [u8])];
        let cases: [(Files<'_>, &str); 6] = [
            (&[], "it is empty"),
            (&[good[1]], "expect file: _snapshot, got: 0"),
            (&[("_snapshot", &[0xff])], "_snapshot: "),
            (&[good[0], good[2]], "expect file: 0, got: 1"),
            (&good[..2], "the saved snapshot is not equal to the original one"),
            (&[good[0], good[1], ("1", &[3; 512])], "the saved snapshot is not equal to the original one"),
        ];
        for (files, why) in cases {
            write(files);
            let error = load(&other, &file).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
            assert!(!place.path().join("other/12").exists(), "{why}");
        }
        write(&good);
        let whole = fs::read(&file).unwrap();
        fs::write(&file, &whole[..whole.len() / 2]).unwrap();
        assert!(load(&other, &file).is_err());
        fs::write(&file, b"no archive").unwrap();
        assert!(load(&other, &file).is_err());
        assert!(other.list().unwrap().is_empty());
    }

    #[test]
    fn a_tar_header_that_is_damaged_is_refused() {
        let mut bytes = Vec::new();
        tar::put(&mut bytes, "name", b"contents").unwrap();
        assert_eq!(bytes.len(), 1024);
        let read = |bytes: &[u8]| tar::take(&mut &bytes[..], 100);
        assert_eq!(read(&bytes).unwrap(), Some(("name".into(), b"contents".to_vec())));
        assert!(tar::take(&mut &bytes[..], 7).is_err());
        assert!(read(&bytes[..800]).is_err());
        for at in (0..345).step_by(3) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 4;
            assert!(read(&damaged).is_err(), "byte {at}");
        }
        assert_eq!(read(&[0; 512]).unwrap(), None);
    }
}
