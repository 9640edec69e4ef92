//! `CheckTx`: may a transaction enter the mempool? Only the ante chain runs, on a state of its own over the last committed version.

use std::sync::{Arc, MutexGuard, PoisonError};

use bytes::Bytes;
use iz_core::{Block, Context, Mode};
use iz_store::Overlay;
use tendermint_proto::v0_38::abci::{CheckTxType, RequestCheckTx, ResponseCheckTx};

use super::{Application, consensus_params};
use crate::{
    convert,
    error::AbciError,
    transactions::{Afterwards, Decoded},
};

impl Application {
    pub fn check_tx(&self, request: &RequestCheckTx) -> Result<ResponseCheckTx, AbciError> {
        let mut answers = self.check_many(std::slice::from_ref(request))?;
        answers.pop().ok_or_else(|| AbciError::refused("CheckTx gave no answer"))
    }

    /// Answers requests that arrived together: run one after another in their order, decoded and verified on the other cores meanwhile.
    pub fn check_many(&self, requests: &[RequestCheckTx]) -> Result<Vec<ResponseCheckTx>, AbciError> {
        let bytes = requests.iter().map(|request| request.tx.clone()).collect::<Vec<Bytes>>();
        let chain_id = self.last_block().chain_id.clone();
        let mut state = self.check_state();
        let context = state.get_or_insert_with(|| self.fresh_check_context());
        let (latest, keep) = (self.store.latest(), Afterwards::Keep);
        self.transactions.prepare(&bytes, keep, &chain_id, &self.chain, &*latest, |prepared| {
            let run = |(request, decoded)| self.check_one(context, request, &decoded);
            requests.iter().zip(prepared).map(run).collect()
        })
    }

    fn check_one(
        &self,
        context: &mut Context,
        request: &RequestCheckTx,
        decoded: &Decoded,
    ) -> Result<ResponseCheckTx, AbciError> {
        context.mode = match request.r#type {
            kind if kind == CheckTxType::New as i32 => Mode::Check,
            kind if kind == CheckTxType::Recheck as i32 => Mode::Recheck,
            kind => return Err(AbciError::refused(format!("unknown RequestCheckTx type: {kind}"))),
        };
        let outcome = match decoded {
            Ok(known) => iz_tx::run(context, &known.tx, &known.verified, &self.settings.ante, None),
            Err(error) => iz_tx::run_undecodable(context, error.clone()),
        };
        // what one transaction wrote is what the next one sees; none of it is ever taken back
        context.overlay_mut().settle();
        Ok(convert::check_result(outcome, &self.index))
    }

    pub(super) fn check_state(&self) -> MutexGuard<'_, Option<Context>> {
        let mut state = self.check.lock().unwrap_or_else(|poisoned| {
            // a thread panicked half-way: its state is dropped, the committed one is unharmed
            let mut state = poisoned.into_inner();
            *state = None;
            state
        });
        if state.as_ref().is_some_and(|context| context.height() != self.last_block().height) {
            *state = None;
        }
        state
    }

    /// The state that CheckTx starts from after a commit.
    pub(super) fn fresh_check_context(&self) -> Context {
        let mut context = self.context(self.last_block(), Mode::Check, Overlay::new(self.store.latest()));
        let mut block = Block::clone(&context.block);
        block.consensus_params = consensus_params(&mut context);
        context.block = Arc::new(block);
        context
    }

    /// Forgets the state of CheckTx.
    pub fn reset_check_state(&self) {
        *self.check.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
