//! Somebody divides a vote among options.

use iz_core::{Context, Execute, Result, Signer};
use iz_proto::cosmos::gov::v1::{MsgVoteWeighted, MsgVoteWeightedResponse, WeightedVoteOption};

use super::account;
use crate::{Here, gov::votes};

impl Execute<Here> for MsgVoteWeighted {
    type Response = MsgVoteWeightedResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.voter)]
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        vote_weighted(context, self.proposal_id, &self.voter, self.options.clone(), &self.metadata)?;
        Ok(MsgVoteWeightedResponse {})
    }
}

/// A divided vote, in either version of the message.
pub(super) fn vote_weighted(
    context: &mut Context,
    id: u64,
    voter: &str,
    options: Vec<WeightedVoteOption>,
    metadata: &[u8],
) -> Result<()> {
    let voter = account(context, "voter", voter)?;
    votes::validate_weighted(&options)?;
    votes::add(context, id, &voter, options, metadata)
}
