//! Somebody proposes messages, and deposits for them.

use iz_core::{Context, Event, Execute, Result, Signer, errors::sdk, gas::cost};
use iz_proto::cosmos::{
    base::v1beta1::Coin,
    gov::v1::{MsgSubmitProposal, MsgSubmitProposalResponse},
};
use prost::Message;

use super::account;
use crate::{
    Here,
    convert::coins_from_proto,
    gov::{
        deposits, errors, events, metadata,
        proposals::{self, Draft},
        store,
    },
};

/// What a proposal costs beside its storage: three times its writing, since others will handle it.
const GAS_PER_BYTE: u64 = 3 * cost::WRITE_PER_BYTE;

impl Execute<Here> for MsgSubmitProposal {
    type Response = MsgSubmitProposalResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.proposer)]
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        let draft = Draft {
            messages: &self.messages,
            metadata: &self.metadata,
            title: &self.title,
            summary: &self.summary,
            expedited: self.expedited,
        };
        let proposal_id = submit(context, &draft, &self.proposer, &self.initial_deposit)?;
        Ok(MsgSubmitProposalResponse { proposal_id })
    }
}

/// A submission, in either version of the message: the id of the proposal.
pub(super) fn submit(
    context: &mut Context,
    draft: &Draft<'_>,
    proposer: &str,
    initial_deposit: &[Coin],
) -> Result<u64> {
    if draft.title.is_empty() {
        return Err(sdk::INVALID_REQUEST.wrap("proposal title cannot be empty"));
    }
    if draft.summary.is_empty() {
        return Err(sdk::INVALID_REQUEST.wrap("proposal summary cannot be empty"));
    }
    let proposer = account(context, "proposer", proposer)?;
    if draft.messages.is_empty() && draft.metadata.is_empty() {
        return Err(errors::NO_PROPOSAL_MSGS.wrap("either metadata or Msgs length must be non-nil"));
    }
    if !draft.metadata.is_empty() {
        metadata::validate(draft.metadata, draft.title, draft.summary)?;
    }
    let params = store::params(context)
        .map_err(|error| error.obscure(|log| format!("failed to get governance parameters: {log}")))?;
    let initial = coins_from_proto(initial_deposit)?;
    deposits::validate_initial(&params, &initial, draft.expedited)?;
    deposits::validate_denoms(&params, &initial)?;
    let proposal = proposals::submit(context, draft, &proposer)?;
    let size = u64::try_from(proposal.encoded_len()).unwrap_or(u64::MAX);
    context.consume_gas(GAS_PER_BYTE.saturating_mul(size), "submit proposal")?;
    if deposits::add(context, proposal.id, &proposer, &initial)? {
        context.emit(
            Event::new(events::SUBMIT_PROPOSAL).with(events::VOTING_PERIOD_START, proposal.id.to_string()),
        );
    }
    Ok(proposal.id)
}
