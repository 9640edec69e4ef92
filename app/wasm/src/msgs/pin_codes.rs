//! Code that stays in memory.

use iz_core::{Chain, Context, Execute, Result, Signer};
use iz_proto::cosmwasm::wasm::v1::{MsgPinCodes, MsgPinCodesResponse};

use crate::{Here, access::require_authority, keeper, validation};

impl Execute<Here> for MsgPinCodes {
    type Response = MsgPinCodesResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.authority)]
    }

    fn validate_basic(&self, chain: &Chain) -> Result<()> {
        validation::address(chain, &self.authority, "authority")?;
        validation::code_ids(&self.code_ids)
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        require_authority(context, &self.authority)?;
        for id in &self.code_ids {
            keeper::pin_code(context, *id)?;
        }
        Ok(MsgPinCodesResponse {})
    }
}
