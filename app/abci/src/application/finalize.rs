//! `FinalizeBlock`: hooks, transactions, hooks, and the app hash of what they wrote.

use std::sync::Arc;

use iz_core::{Address, Block, Context, Event, GasMeter, Mode, event};
use iz_store::Overlay;
use tendermint_proto::v0_38::abci::{RequestFinalizeBlock, ResponseFinalizeBlock, ValidatorUpdate};

use super::{Application, Execution, free_consensus_params};
use crate::{
    convert,
    error::AbciError,
    results::{self, BlockAnswer},
    transactions::{Afterwards, Decoded},
};

impl Application {
    pub fn finalize_block(&self, request: RequestFinalizeBlock) -> Result<BlockAnswer, AbciError> {
        self.check_halt(&request)?;
        let mut execution = self.execution()?;
        let overlay = match std::mem::replace(&mut *execution, Execution::Idle) {
            Execution::Initialized { overlay, initial_height } => {
                self.check_height(request.height, initial_height)?;
                overlay
            }
            Execution::Idle | Execution::Finalized { .. } => {
                self.check_height(request.height, self.height() + 1)?;
                Overlay::new(self.store.latest())
            }
        };
        let height = request.height;
        let failed = |source| AbciError::Block { height, source };
        let mut context = self.block_context(&request, overlay);
        let mut events = self.pre_block(&mut context).map_err(failed)?;
        events.extend(self.begin_block(&mut context).map_err(failed)?);
        let results = self.run_transactions(&mut context, &request);
        let (ended, validator_updates) = self.end_block(&mut context).map_err(failed)?;
        events.extend(ended);
        let consensus_params = free_consensus_params(&mut context);

        let block = context.block.clone();
        let mut overlay = context.into_overlay();
        overlay.settle();
        let version =
            u64::try_from(height).map_err(|_| AbciError::refused(format!("invalid height: {height}")))?;
        let changes = overlay.into_changes();
        let changes = changes.iter().map(|(store, changes)| (*store, changes));
        let app_hash = self.store.apply(version, block.time.into(), changes)?;
        *execution = Execution::Finalized { block };
        let rest = ResponseFinalizeBlock {
            validator_updates,
            consensus_param_updates: Some(consensus_params),
            app_hash: app_hash.to_vec().into(),
            ..ResponseFinalizeBlock::default()
        };
        Ok(BlockAnswer::new(convert::events(events, &self.index), results, rest))
    }

    fn check_halt(&self, request: &RequestFinalizeBlock) -> Result<(), AbciError> {
        let (height, time) = (self.settings.halt_height, self.settings.halt_time);
        let at_height = height > 0 && u64::try_from(request.height).is_ok_and(|now| now >= height);
        let now = convert::timestamp(request.time.as_ref()).seconds;
        let at_time = time > 0 && u64::try_from(now).is_ok_and(|now| now >= time);
        if at_height || at_time {
            return Err(AbciError::refused(format!("halt per configuration height {height} time {time}")));
        }
        Ok(())
    }

    fn check_height(&self, height: i64, expected: i64) -> Result<(), AbciError> {
        if height < 1 {
            return Err(AbciError::refused(format!("invalid height: {height}")));
        }
        if height != expected {
            return Err(AbciError::refused(format!("invalid height: {height}; expected: {expected}")));
        }
        Ok(())
    }

    fn block_context(&self, request: &RequestFinalizeBlock, overlay: Overlay) -> Context {
        let previous = self.last_block();
        let mut block = Block {
            chain_id: previous.chain_id.clone(),
            height: request.height,
            time: convert::timestamp(request.time.as_ref()),
            proposer: Address::new(request.proposer_address.to_vec()),
            hash: request.hash.to_vec(),
            next_validators_hash: request.next_validators_hash.to_vec(),
            app_hash: self.app_hash(),
            votes: convert::votes(request.decided_last_commit.clone()),
            misbehavior: request.misbehavior.clone(),
            consensus_params: Default::default(),
        };
        let mut context = self.context(previous, Mode::Finalize, overlay);
        block.consensus_params = free_consensus_params(&mut context);
        context.block = Arc::new(block);
        context
    }

    fn pre_block(&self, context: &mut Context) -> iz_core::Result<Vec<Event>> {
        for hook in self.modules.pre_block().filter_map(|module| module.pre_block) {
            hook(context)?;
        }
        Ok(context.take_events())
    }

    fn begin_block(&self, context: &mut Context) -> iz_core::Result<Vec<Event>> {
        for hook in self.modules.begin_block().filter_map(|module| module.begin_block) {
            hook(context)?;
        }
        Ok(marked(context.take_events(), "BeginBlock"))
    }

    fn end_block(&self, context: &mut Context) -> iz_core::Result<(Vec<Event>, Vec<ValidatorUpdate>)> {
        let mut updates = Vec::new();
        for hook in self.modules.end_block().filter_map(|module| module.end_block) {
            // only staking changes the validator set
            updates.extend(hook(context)?);
        }
        Ok((marked(context.take_events(), "EndBlock"), updates))
    }

    /// The results of the block's transactions, as bytes.
    fn run_transactions(&self, context: &mut Context, request: &RequestFinalizeBlock) -> Vec<Vec<u8>> {
        let block = context.block.clone();
        let mut meter = block.max_gas().map_or_else(GasMeter::infinite, GasMeter::with_limit);
        let mut run = |decoded: Decoded| {
            let outcome = match decoded {
                Ok(known) => {
                    iz_tx::run(context, &known.tx, &known.verified, &self.settings.ante, Some(&mut meter))
                }
                // bytes that are no transaction are answered without looking at the block's meter
                Err(_) => iz_tx::run_undecodable_in_block(),
            };
            context.overlay_mut().settle();
            context.block_gas = meter.consumed();
            outcome
        };
        let state = self.store.latest();
        let (txs, forget) = (&request.txs, Afterwards::Forget);
        self.transactions.prepare(txs, forget, &block.chain_id, &self.chain, &*state, |prepared| {
            results::write(prepared.map(&mut run), txs.len(), &self.index)
        })
    }
}

/// Block events say from which hook they are.
fn marked(mut events: Vec<Event>, mode: &'static str) -> Vec<Event> {
    for event in &mut events {
        event.push(event::key::MODE, mode);
    }
    events
}
