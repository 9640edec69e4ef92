//! Proposals: the mempool is CometBFT's, so a proposal is what it sends, cut to what a block may hold; any proposal is accepted, since
//! a transaction that fails is a result and not a fault.

use std::sync::Arc;

use iz_core::Block;
use tendermint_proto::v0_38::abci::{
    RequestExtendVote, RequestPrepareProposal, RequestProcessProposal, RequestVerifyVoteExtension,
    ResponseExtendVote, ResponsePrepareProposal, ResponseProcessProposal, ResponseVerifyVoteExtension,
    response_process_proposal::ProposalStatus, response_verify_vote_extension::VerifyStatus,
};

use super::Application;
use crate::error::AbciError;

impl Application {
    pub fn prepare_proposal(
        &self,
        request: RequestPrepareProposal,
    ) -> Result<ResponsePrepareProposal, AbciError> {
        if request.height < 1 {
            return Err(AbciError::refused("PrepareProposal called with invalid height"));
        }
        let max_bytes = u64::try_from(request.max_tx_bytes).unwrap_or(u64::MAX);
        // without a limit every sum of gas limits fits
        let max_gas = self.next_block().max_gas().unwrap_or(u64::MAX);
        let (mut bytes, mut gas, mut chosen) = (0_u64, 0_u64, Vec::new());
        for tx in &request.txs {
            let known = self.transactions.decode(tx, &self.chain);
            let Ok(limit) = known.and_then(|known| known.tx.gas_limit()) else {
                // what does not decode, or has no fee, makes the SDK leave the whole proposal as it came
                return Ok(ResponsePrepareProposal { txs: request.txs });
            };
            let size = proto_size(tx.len());
            // gas limits are not checked yet, and Go lets their sum overflow
            let sum = gas.wrapping_add(limit);
            if bytes.saturating_add(size) <= max_bytes && sum <= max_gas {
                bytes += size;
                gas = sum;
                chosen.push(tx.clone());
            }
            if bytes >= max_bytes || gas >= max_gas {
                break;
            }
        }
        Ok(ResponsePrepareProposal { txs: chosen })
    }

    pub fn process_proposal(
        &self,
        request: &RequestProcessProposal,
    ) -> Result<ResponseProcessProposal, AbciError> {
        if request.height < 1 {
            return Err(AbciError::refused("ProcessProposal called with invalid height"));
        }
        Ok(ResponseProcessProposal { status: ProposalStatus::Accept as i32 })
    }

    pub fn extend_vote(&self, request: &RequestExtendVote) -> Result<ResponseExtendVote, AbciError> {
        self.require_extensions(request.height, "ExtendVote")?;
        Ok(ResponseExtendVote::default())
    }

    pub fn verify_vote_extension(
        &self,
        request: &RequestVerifyVoteExtension,
    ) -> Result<ResponseVerifyVoteExtension, AbciError> {
        self.require_extensions(request.height, "VerifyVoteExtension")?;
        Ok(ResponseVerifyVoteExtension { status: VerifyStatus::Accept as i32 })
    }

    fn require_extensions(&self, height: i64, call: &str) -> Result<(), AbciError> {
        let enabled =
            self.next_block().consensus_params.abci.map_or(0, |abci| abci.vote_extensions_enable_height);
        if enabled != 0 && height >= enabled {
            return Ok(());
        }
        Err(AbciError::refused(format!(
            "vote extensions are not enabled; unexpected call to {call} at height {height}"
        )))
    }

    /// The block that transactions are checked for, with the consensus parameters of the committed state.
    fn next_block(&self) -> Arc<Block> {
        let mut state = self.check_state();
        state.get_or_insert_with(|| self.fresh_check_context()).block.clone()
    }
}

/// Bytes of one transaction in a block's protobuf: tag, length and content.
fn proto_size(length: usize) -> u64 {
    (1 + prost::length_delimiter_len(length) + length) as u64
}
