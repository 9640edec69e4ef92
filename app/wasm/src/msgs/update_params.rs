//! Governance sets the parameters.

use iz_core::{Chain, Context, Execute, Result, Signer};
use iz_modules::wasm::params;
use iz_proto::cosmwasm::wasm::v1::{MsgUpdateParams, MsgUpdateParamsResponse};

use crate::{Here, access::require_authority, validation};

impl Execute<Here> for MsgUpdateParams {
    type Response = MsgUpdateParamsResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.authority)]
    }

    fn validate_basic(&self, chain: &Chain) -> Result<()> {
        validation::address(chain, &self.authority, "authority")?;
        params::validate(&self.params.clone().unwrap_or_default(), chain)
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        require_authority(context, &self.authority)?;
        params::set(context, &self.params.clone().unwrap_or_default())?;
        Ok(MsgUpdateParamsResponse {})
    }
}
