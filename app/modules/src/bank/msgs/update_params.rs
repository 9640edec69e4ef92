//! Governance sets the parameters of the bank.

use iz_core::{Context, Execute, Result, Signer};
use iz_proto::cosmos::bank::v1beta1::{MsgUpdateParams, MsgUpdateParamsResponse};

use crate::{Here, bank::params, gov::authority};

impl Execute<Here> for MsgUpdateParams {
    type Response = MsgUpdateParamsResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.authority)]
    }

    fn execute(&self, context: &mut Context) -> Result<MsgUpdateParamsResponse> {
        authority::require(context, &self.authority)?;
        let wanted = self.params.clone().unwrap_or_default();
        params::validate(&wanted)?;
        params::set(context, &wanted)?;
        Ok(MsgUpdateParamsResponse {})
    }
}
