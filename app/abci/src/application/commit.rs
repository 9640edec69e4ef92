//! `Commit`: the block that ran becomes the newest version, durable before the answer goes out.

use std::sync::PoisonError;

use tendermint_proto::v0_38::abci::ResponseCommit;

use super::{Application, Execution};
use crate::error::AbciError;

impl Application {
    pub fn commit(&self) -> Result<ResponseCommit, AbciError> {
        let mut execution = self.execution()?;
        let Execution::Finalized { block } = &*execution else {
            return Err(AbciError::refused("Commit came without a block: FinalizeBlock must come first"));
        };
        let block = block.clone();
        self.store.commit()?;
        *self.last_block.write().unwrap_or_else(PoisonError::into_inner) = block.clone();
        // CometBFT holds its mempool's lock now, so no CheckTx is under way
        *self.check.lock().unwrap_or_else(PoisonError::into_inner) = None;
        *execution = Execution::Idle;
        drop(execution);
        self.begin_snapshot_if_due();
        Ok(ResponseCommit { retain_height: self.retain_height(&block) })
    }

    /// Below this height CometBFT may forget blocks: as many as the operator wants kept, but never fewer than evidence and the oldest snapshot need.
    fn retain_height(&self, block: &iz_core::Block) -> i64 {
        let keep = i64::try_from(self.settings.min_retain_blocks).unwrap_or(i64::MAX);
        let by_setting = block.height.saturating_sub(keep);
        if keep == 0 || by_setting <= 0 {
            return 0;
        }
        let evidence =
            block.consensus_params.evidence.as_ref().map_or(0, |evidence| evidence.max_age_num_blocks);
        // as in Go, a bound that comes out at zero says nothing
        let bounds = [
            if evidence > 0 { block.height - evidence } else { 0 },
            self.blocks_behind_snapshots().map_or(0, |behind| block.height.saturating_sub(behind)),
            by_setting,
        ];
        bounds.into_iter().filter(|bound| *bound != 0).min().unwrap_or(0).max(0)
    }
}
