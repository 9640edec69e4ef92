//! A vote in the first version's message.

use iz_core::{Context, Execute, Result, Signer};
use iz_proto::cosmos::gov::v1beta1::{MsgVote, MsgVoteResponse};

use super::vote::vote;
use crate::Here;

impl Execute<Here> for MsgVote {
    type Response = MsgVoteResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.voter)]
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        vote(context, self.proposal_id, &self.voter, self.option, b"")?;
        Ok(MsgVoteResponse {})
    }
}
