//! A state that comes in chunks from strangers. Nothing of it is the node's state before all of it was checked.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, PoisonError},
};

use iz_core::{Chain, Context, Mode, module::ExtensionRoute};
use iz_snapshots::{Draft, FORMAT, Item, Snapshot, SnapshotError, SnapshotReader};
use iz_store::{Hash, Restore};
use sha2::{Digest as _, Sha256};

use super::Application;

/// A snapshot as far as its chunks came.
pub struct Restoration {
    snapshot: Snapshot,
    app_hash: Option<Hash>,
    /// Where the chunks are kept, so that this node can hand them on.
    draft: Option<Draft>,
    reader: SnapshotReader,
    contents: Contents,
    next: usize,
}

/// What was read out of the chunks.
struct Contents {
    chain: Arc<Chain>,
    state: Restore,
    /// The store whose nodes are read.
    store: Option<String>,
    extensions: Vec<ExtensionRoute>,
    /// The extension whose payloads are read.
    extension: Option<usize>,
    /// What the state asks of each extension and what has not come yet.
    asked_for: BTreeMap<usize, BTreeSet<Vec<u8>>>,
    seen: BTreeSet<usize>,
}

impl Application {
    pub(super) fn begin_restoration(
        &self,
        snapshot: Snapshot,
        app_hash: Option<Hash>,
    ) -> Result<Restoration, SnapshotError> {
        let hashes = snapshot.metadata.as_ref().map_or(0, |metadata| metadata.chunk_hashes.len());
        if snapshot.chunks == 0 {
            return Err(SnapshotError::InvalidMetadata("no chunks".into()));
        }
        if u32::try_from(hashes) != Ok(snapshot.chunks) {
            let what = format!("snapshot has {hashes} chunk hashes, but {} chunks", snapshot.chunks);
            return Err(SnapshotError::InvalidMetadata(what));
        }
        if snapshot.format != FORMAT {
            return Err(SnapshotError::UnknownFormat { format: snapshot.format });
        }
        let contents = Contents {
            chain: self.chain.clone(),
            state: self.store.begin_restore(snapshot.height)?,
            store: None,
            extensions: self.modules.extensions(),
            extension: None,
            asked_for: BTreeMap::new(),
            seen: BTreeSet::new(),
        };
        let reader = SnapshotReader::default();
        Ok(Restoration { snapshot, app_hash, draft: None, reader, contents, next: 0 })
    }

    /// Makes what was read the state, and this node one that stands at its height.
    pub(super) fn finish_restoration(&self, restoration: Restoration) -> Result<(), SnapshotError> {
        let Restoration { snapshot, app_hash, draft, reader, contents, .. } = restoration;
        reader.finish()?;
        contents.check_complete()?;
        let execution = self.execution().map_err(|error| SnapshotError::Conflict(error.to_string()))?;
        // if the hash of all chunks is not the one told, somebody else's bytes came with somebody's hashes
        let kept = draft.map(|draft| draft.finish_as(&snapshot)).transpose()?;
        let app_hash = self.store.restore(contents.state, app_hash).inspect_err(|_| {
            // what did not restore here is not offered to others
            if let (Some(kept), Some(settings)) = (&kept, &self.settings.snapshots)
                && let Err(error) = settings.folder.delete(kept.height, kept.format)
            {
                tracing::warn!(%error, "a false snapshot could not be removed");
            }
        })?;
        *self.check.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.restore_last_block();
        drop(execution);
        let block = self.last_block();
        let mut context = Context::new(self.chain.clone(), block, Mode::Query, self.store.latest());
        for extension in &contents.extensions {
            (extension.resume)(&mut context)
                .map_err(|error| SnapshotError::Conflict(format!("extension {}: {error}", extension.name)))?;
        }
        tracing::info!(height = self.height(), app_hash = %hex::encode(app_hash), "restored a snapshot");
        Ok(())
    }
}

impl Restoration {
    /// Keeps the chunks that come.
    pub fn keep(&mut self, draft: Draft) {
        self.draft = Some(draft);
    }

    /// Reads the next chunk; whether it was the last one. One of another hash changes nothing.
    pub fn add(&mut self, chunk: &[u8]) -> Result<bool, SnapshotError> {
        let hashes = self.snapshot.metadata.as_ref().map_or(&[][..], |metadata| &metadata.chunk_hashes);
        let Some(expected) = hashes.get(self.next) else {
            return Err(SnapshotError::Conflict("received unexpected chunk".into()));
        };
        let last = self.next + 1 == hashes.len();
        let got = Sha256::digest(chunk);
        if got[..] != expected[..] {
            return Err(SnapshotError::ChunkHash {
                index: u32::try_from(self.next).unwrap_or(u32::MAX),
                got: hex::encode(got),
                expected: hex::encode(expected),
            });
        }
        if let Some(draft) = &mut self.draft {
            draft.add(chunk)?;
        }
        self.reader.push(chunk, &mut |item| self.contents.take(item))?;
        self.next += 1;
        Ok(last)
    }
}

impl Contents {
    fn take(&mut self, item: Item) -> Result<(), SnapshotError> {
        match item {
            Item::Store(_) | Item::Node(_) if self.extension.is_some() => {
                return Err(SnapshotError::malformed("a store behind the extensions"));
            }
            Item::Store(name) => {
                self.state.begin_store(&name)?;
                self.store = Some(name);
            }
            Item::Node(node) => {
                if let (Some(store), Some(value)) = (&self.store, &node.value) {
                    for (index, extension) in self.extensions.iter().enumerate() {
                        if let Some(checksum) = (extension.asked_for)(store, &node.key, value) {
                            self.asked_for.entry(index).or_default().insert(checksum);
                        }
                    }
                }
                self.state.add(node)?;
            }
            Item::Extension { name, format } => self.begin_extension(&name, format)?,
            Item::Payload(payload) => {
                let Some(index) = self.extension else {
                    return Err(SnapshotError::malformed("a payload outside of extensions"));
                };
                let Some(extension) = self.extensions.get(index) else { return Ok(()) };
                let asked_for = self.asked_for.entry(index).or_default();
                let checksum =
                    (extension.keep)(&self.chain.services, asked_for, &payload).map_err(|error| {
                        SnapshotError::malformed(format!("extension {} restore: {error}", extension.name))
                    })?;
                asked_for.remove(&checksum);
            }
        }
        Ok(())
    }

    fn begin_extension(&mut self, name: &str, format: u32) -> Result<(), SnapshotError> {
        let known = self.extensions.iter().position(|extension| extension.name == name);
        let Some(index) = known else {
            return Err(SnapshotError::malformed(format!("unknown extension snapshotter {name}")));
        };
        if self.extensions.get(index).is_none_or(|extension| extension.format != format) {
            return Err(SnapshotError::malformed(format!("format {format} for extension {name}")));
        }
        if !self.seen.insert(index) {
            return Err(SnapshotError::malformed(format!("the extension {name} comes twice")));
        }
        self.extension = Some(index);
        Ok(())
    }

    /// Whether everything came that the state asks for.
    fn check_complete(&self) -> Result<(), SnapshotError> {
        for (index, missing) in &self.asked_for {
            if let (Some(checksum), Some(extension)) = (missing.first(), self.extensions.get(*index)) {
                let what = format!("extension {} lacks {}", extension.name, hex::encode(checksum));
                return Err(SnapshotError::malformed(what));
            }
        }
        Ok(())
    }
}
