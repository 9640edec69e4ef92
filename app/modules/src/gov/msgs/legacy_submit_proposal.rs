//! Somebody proposes a legacy content: it becomes the one message of a proposal.

use iz_core::{Context, Execute, Result, Signer};
use iz_proto::{
    Any,
    cosmos::gov::{
        v1::MsgExecLegacyContent,
        v1beta1::{MsgSubmitProposal, MsgSubmitProposalResponse},
    },
};
use prost::{Message, Name};

use super::submit_proposal;
use crate::{
    Here, canonical,
    gov::{content::Content, errors, proposals::Draft},
    module_accounts,
};

impl Execute<Here> for MsgSubmitProposal {
    type Response = MsgSubmitProposalResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.proposer)]
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        let Some(content) = Content::of(self.content.as_ref())? else {
            return Err(errors::INVALID_PROPOSAL_CONTENT.wrap("missing content"));
        };
        content.validate()?;
        let message = MsgExecLegacyContent {
            content: self.content.as_ref().map(canonical::any),
            authority: module_accounts::authority(context),
        };
        let messages = [Any { type_url: MsgExecLegacyContent::type_url(), value: message.encode_to_vec() }];
        let draft = Draft {
            messages: &messages,
            metadata: b"",
            title: &content.title,
            summary: &content.description,
            expedited: false,
        };
        let proposal_id = submit_proposal::submit(context, &draft, &self.proposer, &self.initial_deposit)?;
        Ok(MsgSubmitProposalResponse { proposal_id })
    }
}
