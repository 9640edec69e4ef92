//! A divided vote in the first version's message, whose weights are numbers.

use iz_core::{Context, Dec, Execute, Result, Signer};
use iz_proto::cosmos::gov::{
    v1,
    v1beta1::{MsgVoteWeighted, MsgVoteWeightedResponse},
};

use super::vote_weighted::vote_weighted;
use crate::Here;

impl Execute<Here> for MsgVoteWeighted {
    type Response = MsgVoteWeightedResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.voter)]
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        let mut options = Vec::with_capacity(self.options.len());
        for option in &self.options {
            let weight = Dec::from_wire(&option.weight)?.to_string();
            options.push(v1::WeightedVoteOption { option: option.option, weight });
        }
        vote_weighted(context, self.proposal_id, &self.voter, options, b"")?;
        Ok(MsgVoteWeightedResponse {})
    }
}
