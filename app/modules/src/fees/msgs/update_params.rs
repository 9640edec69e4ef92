//! Governance changes which coins are taken, at what rates, and where fees go.

use iz_core::{Context, Execute, Result, Signer, errors::sdk};
use iz_proto::infinitezero::fees::v1::{MsgUpdateParams, MsgUpdateParamsResponse};
use prost::Name as _;

use crate::{
    Here,
    fees::{errors, keeper, types::Params},
    gov,
};

impl Execute<Here> for MsgUpdateParams {
    type Response = MsgUpdateParamsResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.authority)]
    }

    fn execute(&self, context: &mut Context) -> Result<MsgUpdateParamsResponse> {
        if !keeper::is_enabled(context) {
            let kind = Self::type_url();
            return Err(sdk::UNKNOWN_REQUEST.wrap(format!("no message handler found for {kind}")));
        }
        gov::authority::require(context, &self.authority)?;
        let params = Params::checked(&self.params.clone().unwrap_or_default())?;
        let native = keeper::params(context)?.native_denom;
        if params.native_denom != native {
            return Err(errors::INVALID_PARAMS
                .wrap(format!("the native coin is {native} and cannot become {}", params.native_denom)));
        }
        keeper::set_params(context, &params)?;
        Ok(MsgUpdateParamsResponse {})
    }
}
