//! Messages of governance, and those of its first version, which are answered by the same means.

mod cancel_proposal;
mod deposit;
mod exec_legacy_content;
mod legacy_deposit;
mod legacy_submit_proposal;
mod legacy_vote;
mod legacy_vote_weighted;
mod submit_proposal;
mod update_params;
mod vote;
mod vote_weighted;

use iz_core::{Address, Context, MessageRoute, Result, errors::sdk};
use iz_proto::cosmos::gov::{v1, v1beta1};

use crate::Here;

pub fn routes() -> Vec<MessageRoute> {
    vec![
        MessageRoute::of::<v1::MsgSubmitProposal, Here>(),
        MessageRoute::of::<v1::MsgExecLegacyContent, Here>(),
        MessageRoute::of::<v1::MsgVote, Here>(),
        MessageRoute::of::<v1::MsgVoteWeighted, Here>(),
        MessageRoute::of::<v1::MsgDeposit, Here>(),
        MessageRoute::of::<v1::MsgUpdateParams, Here>(),
        MessageRoute::of::<v1::MsgCancelProposal, Here>(),
        MessageRoute::of::<v1beta1::MsgSubmitProposal, Here>(),
        MessageRoute::of::<v1beta1::MsgVote, Here>(),
        MessageRoute::of::<v1beta1::MsgVoteWeighted, Here>(),
        MessageRoute::of::<v1beta1::MsgDeposit, Here>(),
    ]
}

/// The account a message names as its `role`.
fn account(context: &Context, role: &str, text: &str) -> Result<Address> {
    let parsed = context.addresses().parse_account(text);
    parsed.map_err(|error| sdk::INVALID_ADDRESS.wrap(format!("invalid {role} address: {error}")))
}
