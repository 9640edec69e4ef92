//! Snapshots for state sync are not taken yet: none are offered, and those of others are declined, so that CometBFT syncs by blocks.

use tendermint_proto::v0_38::abci::{
    RequestOfferSnapshot, ResponseApplySnapshotChunk, ResponseOfferSnapshot,
    response_apply_snapshot_chunk::Result as ChunkResult, response_offer_snapshot::Result as OfferResult,
};

use super::Application;

impl Application {
    /// No format is known here.
    #[must_use]
    pub fn offer_snapshot(&self, _offer: &RequestOfferSnapshot) -> ResponseOfferSnapshot {
        ResponseOfferSnapshot { result: OfferResult::RejectFormat as i32 }
    }

    /// A chunk of a snapshot that was never accepted.
    #[must_use]
    pub fn apply_snapshot_chunk(&self) -> ResponseApplySnapshotChunk {
        ResponseApplySnapshotChunk {
            result: ChunkResult::Abort as i32,
            ..ResponseApplySnapshotChunk::default()
        }
    }
}
