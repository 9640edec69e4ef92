//! Refused: the community pool of this chain is the protocol pool, which has a message of its own.

use iz_core::{Context, Execute, Result, Signer, errors::sdk};
use iz_proto::cosmos::distribution::v1beta1::{MsgFundCommunityPool, MsgFundCommunityPoolResponse};

use crate::Here;

impl Execute<Here> for MsgFundCommunityPool {
    type Response = MsgFundCommunityPoolResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.depositor)]
    }

    fn execute(&self, _context: &mut Context) -> Result<MsgFundCommunityPoolResponse> {
        Err(sdk::INVALID_REQUEST.wrap(
            "external community pool is enabled - use the FundCommunityPool method exposed by the external community pool",
        ))
    }
}
