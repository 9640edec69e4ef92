//! Items to chunks: lengths and messages, compressed, cut.

use std::io::{self, Write};

use flate2::{Compression, write::ZlibEncoder};
use iz_store::SnapshotNode;

use crate::{CHUNK, Draft, Item, Snapshot, error::SnapshotError};

/// As in the SDK; decompressing does not depend on it.
const LEVEL: Compression = Compression::new(7);

pub struct SnapshotWriter {
    zlib: ZlibEncoder<Cutter>,
    item: Vec<u8>,
}

impl SnapshotWriter {
    #[must_use]
    pub fn new(draft: Draft) -> Self {
        let cutter = Cutter { draft, chunk: Vec::new(), failure: None };
        Self { zlib: ZlibEncoder::new(cutter, LEVEL), item: Vec::new() }
    }

    pub fn put(&mut self, item: Item) -> Result<(), SnapshotError> {
        self.item.clear();
        item.put(&mut self.item)?;
        let written = self.zlib.write_all(&self.item);
        written.map_err(|error| self.zlib.get_mut().failed(error))
    }

    /// Puts a store and all nodes of its tree.
    pub fn put_store<E: Into<SnapshotError>>(
        &mut self,
        name: &str,
        nodes: impl Iterator<Item = Result<SnapshotNode, E>>,
    ) -> Result<(), SnapshotError> {
        self.put(Item::Store(name.to_owned()))?;
        for node in nodes {
            self.put(Item::Node(node.map_err(Into::into)?))?;
        }
        Ok(())
    }

    /// Ends the stream; the snapshot is whole then.
    pub fn finish(mut self) -> Result<Snapshot, SnapshotError> {
        if let Err(error) = self.zlib.try_finish() {
            return Err(self.zlib.get_mut().failed(error));
        }
        let cutter = self.zlib.finish();
        cutter.map_err(|source| SnapshotError::Disk { path: "a snapshot".into(), source })?.finish()
    }
}

/// Cuts a stream into chunks.
struct Cutter {
    draft: Draft,
    chunk: Vec<u8>,
    /// What failed, which an `io::Error` has no room for.
    failure: Option<SnapshotError>,
}

impl Cutter {
    fn finish(mut self) -> Result<Snapshot, SnapshotError> {
        if !self.chunk.is_empty() {
            self.draft.add(&self.chunk)?;
        }
        self.draft.finish()
    }

    fn failed(&mut self, error: io::Error) -> SnapshotError {
        self.failure.take().unwrap_or(SnapshotError::Disk { path: "a snapshot".into(), source: error })
    }
}

impl Write for Cutter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.chunk.len() == CHUNK {
            if let Err(error) = self.draft.add(&self.chunk) {
                self.failure = Some(error);
                return Err(io::Error::other("a chunk cannot be written"));
            }
            self.chunk.clear();
        }
        let taken = bytes.len().min(CHUNK - self.chunk.len());
        self.chunk.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Folder;

    #[test]
    fn a_stream_is_cut_where_the_format_says_and_no_chunk_is_empty() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path());
        let bytes: Vec<u8> = (0..=250).cycle().take(2 * CHUNK + 1).collect();
        for (height, length, expected) in [
            (1, 2 * CHUNK + 1, &[CHUNK, CHUNK, 1][..]),
            (2, CHUNK, &[CHUNK][..]),
            (3, CHUNK - 1, &[CHUNK - 1][..]),
        ] {
            let draft = folder.begin(height, 3).unwrap();
            let mut cutter = Cutter { draft, chunk: Vec::new(), failure: None };
            bytes[..length].chunks(777_777).for_each(|part| cutter.write_all(part).unwrap());
            let made = cutter.finish().unwrap();
            let chunks: Vec<_> =
                (0..made.chunks).map(|index| folder.chunk(height, 3, index).unwrap().unwrap()).collect();
            assert_eq!(chunks.iter().map(Vec::len).collect::<Vec<_>>(), expected);
            assert!(chunks.concat() == bytes[..length]);
        }
    }
}
