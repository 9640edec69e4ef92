//! Governance changes its own parameters.

use iz_core::{Context, Execute, Result, Signer};
use iz_proto::cosmos::gov::v1::{MsgUpdateParams, MsgUpdateParamsResponse};

use crate::{
    Here,
    gov::{authority, params, store},
};

impl Execute<Here> for MsgUpdateParams {
    type Response = MsgUpdateParamsResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.authority)]
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        authority::require(context, &self.authority)?;
        let wanted = self.params.clone().unwrap_or_default();
        params::validate(&wanted, &context.chain)?;
        store::set_params(context, &wanted)?;
        Ok(MsgUpdateParamsResponse {})
    }
}
