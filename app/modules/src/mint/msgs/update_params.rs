//! Governance changes the settings of inflation.

use iz_core::{Context, Execute, Result, Signer};
use iz_proto::cosmos::mint::v1beta1::{MsgUpdateParams, MsgUpdateParamsResponse};

use crate::{
    Here, fees, gov,
    mint::{keeper, types::Params},
};

impl Execute<Here> for MsgUpdateParams {
    type Response = MsgUpdateParamsResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.authority)]
    }

    fn execute(&self, context: &mut Context) -> Result<MsgUpdateParamsResponse> {
        gov::authority::require(context, &self.authority)?;
        let params = Params::checked(&self.params.clone().unwrap_or_default())?;
        fees::keeper::require_pinned_inflation(context, &params)?;
        keeper::set_params(context, &params)?;
        Ok(MsgUpdateParamsResponse {})
    }
}
