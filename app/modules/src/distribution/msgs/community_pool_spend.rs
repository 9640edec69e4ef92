//! Refused: the community pool of this chain is the protocol pool, which has a message of its own.

use iz_core::{Context, Execute, Result, Signer, errors::sdk};
use iz_proto::cosmos::distribution::v1beta1::{MsgCommunityPoolSpend, MsgCommunityPoolSpendResponse};

use crate::Here;

impl Execute<Here> for MsgCommunityPoolSpend {
    type Response = MsgCommunityPoolSpendResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.authority)]
    }

    fn execute(&self, _context: &mut Context) -> Result<MsgCommunityPoolSpendResponse> {
        // letter by letter the text of the SDK
        Err(sdk::INVALID_REQUEST.wrap(
            "external community pool is enabled -  use the DistributFromCommunityPool method exposed by the external community pool",
        ))
    }
}
