//! Snapshots for state sync: those of this node, made behind the blocks and handed out, and one of others that this node begins from.

mod restore;
mod take;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicBool};

use iz_snapshots::{Folder, Metadata, Snapshot, SnapshotError};
use prost::Message as _;
use restore::Restoration;
use tendermint_proto::v0_38::abci::{
    RequestApplySnapshotChunk, RequestLoadSnapshotChunk, RequestOfferSnapshot, ResponseApplySnapshotChunk,
    ResponseListSnapshots, ResponseLoadSnapshotChunk, ResponseOfferSnapshot, Snapshot as Offer,
    response_apply_snapshot_chunk::Result as ChunkResult, response_offer_snapshot::Result as OfferResult,
};

use super::Application;
use crate::error::AbciError;

#[derive(Clone, Debug)]
pub struct SnapshotSettings {
    pub folder: Folder,
    /// Blocks between snapshots; 0 makes none.
    pub interval: u64,
    /// How many of the newest heights are kept; 0 keeps all.
    pub keep_recent: u32,
}

/// What is under way.
#[derive(Default)]
pub(super) struct Snapshots {
    taking: Arc<AtomicBool>,
    restoring: Mutex<Option<Restoration>>,
}

impl Application {
    #[must_use]
    pub fn list_snapshots(&self) -> ResponseListSnapshots {
        let Some(settings) = &self.settings.snapshots else { return ResponseListSnapshots::default() };
        let snapshots = settings.folder.list().unwrap_or_else(|error| {
            // peers that ask for snapshots are no reason to stop
            tracing::error!(%error, "failed to list snapshots");
            Vec::new()
        });
        let offer = |snapshot: Snapshot| Offer {
            height: snapshot.height,
            format: snapshot.format,
            chunks: snapshot.chunks,
            hash: snapshot.hash.into(),
            metadata: snapshot.metadata.unwrap_or_default().encode_to_vec().into(),
        };
        ResponseListSnapshots { snapshots: snapshots.into_iter().map(offer).collect() }
    }

    /// Nothing for a chunk that is not there, as for one that was pruned meanwhile.
    #[must_use]
    pub fn load_snapshot_chunk(&self, wanted: &RequestLoadSnapshotChunk) -> ResponseLoadSnapshotChunk {
        let Some(settings) = &self.settings.snapshots else { return ResponseLoadSnapshotChunk::default() };
        let chunk =
            settings.folder.chunk(wanted.height, wanted.format, wanted.chunk).unwrap_or_else(|error| {
                let RequestLoadSnapshotChunk { height, format, chunk } = wanted;
                tracing::error!(%error, height, format, chunk, "failed to load snapshot chunk");
                None
            });
        ResponseLoadSnapshotChunk { chunk: chunk.unwrap_or_default().into() }
    }

    /// Begins to restore a snapshot of a peer, of which only the app hash is trusted. Whatever was begun before is dropped.
    #[must_use]
    pub fn offer_snapshot(&self, request: RequestOfferSnapshot) -> ResponseOfferSnapshot {
        let Some(offer) = request.snapshot else {
            tracing::error!("received nil snapshot");
            return ResponseOfferSnapshot { result: OfferResult::Reject as i32 };
        };
        let (height, format) = (offer.height, offer.format);
        let result = match self.begin_offered(offer, &request.app_hash) {
            Ok(()) => {
                tracing::info!(height, format, "restoring a snapshot");
                OfferResult::Accept
            }
            Err(SnapshotError::UnknownFormat { .. }) => OfferResult::RejectFormat,
            Err(error) if error.is_of_the_bytes() => {
                tracing::error!(%error, height, format, "rejecting invalid snapshot");
                OfferResult::Reject
            }
            Err(error) => {
                tracing::error!(%error, height, format, "failed to restore snapshot");
                OfferResult::Abort
            }
        };
        ResponseOfferSnapshot { result: result as i32 }
    }

    fn begin_offered(&self, offer: Offer, app_hash: &[u8]) -> Result<(), SnapshotError> {
        let mut restoring = self.restoring();
        // its folder may be the one that is written to next
        *restoring = None;
        let Some(settings) = &self.settings.snapshots else {
            return Err(SnapshotError::Conflict("snapshots are not configured".into()));
        };
        let metadata = Metadata::decode(offer.metadata)
            .map_err(|error| SnapshotError::InvalidMetadata(error.to_string()))?;
        let snapshot = Snapshot {
            height: offer.height,
            format: offer.format,
            chunks: offer.chunks,
            hash: offer.hash.into(),
            metadata: Some(metadata),
        };
        let app_hash = app_hash
            .try_into()
            .map_err(|_| SnapshotError::Conflict(format!("an app hash of {} bytes", app_hash.len())))?;
        let mut restoration = self.begin_restoration(snapshot, Some(app_hash))?;
        restoration.keep(settings.folder.receive(offer.height, offer.format)?);
        *restoring = Some(restoration);
        Ok(())
    }

    /// Takes the next chunk of the snapshot that was accepted. After the last one this node stands at the snapshot's height.
    ///
    /// Go cannot begin anew after a failure; here the state is empty still, so a snapshot that proves false does not keep CometBFT from
    /// trying the next one.
    #[must_use]
    pub fn apply_snapshot_chunk(&self, request: &RequestApplySnapshotChunk) -> ResponseApplySnapshotChunk {
        let answer = |result: ChunkResult| ResponseApplySnapshotChunk {
            result: result as i32,
            ..ResponseApplySnapshotChunk::default()
        };
        let (chunk, sender) = (request.index, &request.sender);
        let mut restoring = self.restoring();
        let Some(mut restoration) = restoring.take() else {
            tracing::error!(chunk, "no restore operation in progress");
            return answer(ChunkResult::Abort);
        };
        match restoration.add(&request.chunk) {
            Ok(false) => {
                *restoring = Some(restoration);
                answer(ChunkResult::Accept)
            }
            Ok(true) => match self.finish_restoration(restoration) {
                Ok(()) => answer(ChunkResult::Accept),
                Err(error) => answer(given_up(&error)),
            },
            Err(error @ SnapshotError::ChunkHash { .. }) => {
                tracing::error!(%error, chunk, %sender, "rejecting sender and requesting refetch");
                *restoring = Some(restoration);
                ResponseApplySnapshotChunk {
                    refetch_chunks: vec![request.index],
                    reject_senders: vec![request.sender.clone()],
                    ..answer(ChunkResult::Retry)
                }
            }
            Err(error) => answer(given_up(&error)),
        }
    }

    /// Restores a snapshot of this node's own folder.
    pub fn restore_snapshot(&self, height: u64, format: u32) -> Result<(), AbciError> {
        let Some(settings) = &self.settings.snapshots else {
            return Err(AbciError::refused("snapshots are not configured"));
        };
        let snapshot = settings.folder.get(height, format)?;
        let chunks = snapshot.chunks;
        let mut restoration = self.begin_restoration(snapshot, None)?;
        for index in 0..chunks {
            let chunk = settings.folder.chunk(height, format, index)?;
            let missing = || SnapshotError::malformed(format!("chunk {index} is missing"));
            restoration.add(&chunk.ok_or_else(missing)?)?;
        }
        Ok(self.finish_restoration(restoration)?)
    }

    fn restoring(&self) -> MutexGuard<'_, Option<Restoration>> {
        self.snapshots.restoring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many blocks CometBFT must keep for those who begin from the oldest snapshot.
    pub(super) fn blocks_behind_snapshots(&self) -> Option<i64> {
        let settings = self.settings.snapshots.as_ref()?;
        let blocks = settings.interval.saturating_mul(settings.keep_recent.into());
        i64::try_from(blocks).ok().filter(|blocks| *blocks > 0)
    }
}

fn given_up(error: &SnapshotError) -> ChunkResult {
    tracing::error!(%error, "failed to restore snapshot");
    if error.is_of_the_bytes() { ChunkResult::RejectSnapshot } else { ChunkResult::Abort }
}
