//! Somebody votes for one option.

use iz_core::{Context, Execute, Result, Signer};
use iz_proto::cosmos::gov::v1::{MsgVote, MsgVoteResponse};

use super::account;
use crate::{
    Here,
    gov::{errors, votes},
};

impl Execute<Here> for MsgVote {
    type Response = MsgVoteResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.voter)]
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        vote(context, self.proposal_id, &self.voter, self.option, &self.metadata)?;
        Ok(MsgVoteResponse {})
    }
}

/// A vote, in either version of the message.
pub(super) fn vote(context: &mut Context, id: u64, voter: &str, option: i32, metadata: &[u8]) -> Result<()> {
    let voter = account(context, "voter", voter)?;
    if !votes::is_option(option) {
        return Err(errors::INVALID_VOTE.wrap(votes::option_name(option)));
    }
    votes::add(context, id, &voter, votes::undivided(option), metadata)
}
