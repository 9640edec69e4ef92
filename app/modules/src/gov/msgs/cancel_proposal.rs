//! A proposer ends the own proposal.

use iz_core::{Context, Event, Execute, Result, Signer, event::key};
use iz_proto::cosmos::gov::v1::{MsgCancelProposal, MsgCancelProposalResponse};

use super::account;
use crate::{
    Here,
    gov::{events, proposals},
};

impl Execute<Here> for MsgCancelProposal {
    type Response = MsgCancelProposalResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.proposer)]
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        account(context, "proposer", &self.proposer)?;
        proposals::cancel(context, self.proposal_id, &self.proposer)?;
        context.emit(
            Event::new(events::CANCEL_PROPOSAL)
                .with(key::SENDER, self.proposer.clone())
                .with(events::PROPOSAL_ID, self.proposal_id.to_string()),
        );
        Ok(MsgCancelProposalResponse {
            proposal_id: self.proposal_id,
            canceled_time: Some(context.time().into()),
            canceled_height: u64::try_from(context.height()).unwrap_or_default(),
        })
    }
}
