//! Anyone may have allowances removed that have ended.

use iz_core::{Context, Event, Execute, Result, Signer};
use iz_proto::cosmos::feegrant::v1beta1::{MsgPruneAllowances, MsgPruneAllowancesResponse};

use crate::{
    Here,
    feegrant::keeper::{self, event},
};

/// How many one message removes at most.
const PER_MESSAGE: u32 = 75;

impl Execute<Here> for MsgPruneAllowances {
    type Response = MsgPruneAllowancesResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.pruner)]
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        keeper::remove_expired(context, PER_MESSAGE)?;
        context.emit(Event::new(event::PRUNE).with(event::PRUNER, self.pruner.clone()));
        Ok(MsgPruneAllowancesResponse {})
    }
}
