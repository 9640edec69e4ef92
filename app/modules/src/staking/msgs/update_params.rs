//! Governance changes the parameters of staking.

use iz_core::{Context, Execute, Result, Signer};
use iz_proto::cosmos::staking::v1beta1::{MsgUpdateParams, MsgUpdateParamsResponse};

use crate::{
    Here,
    gov::authority,
    staking::{keeper, types::Params},
};

impl Execute<Here> for MsgUpdateParams {
    type Response = MsgUpdateParamsResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.authority)]
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        authority::require(context, &self.authority)?;
        let params = Params::checked(self.params.clone().unwrap_or_default())?;
        keeper::set_params(context, params)?;
        Ok(MsgUpdateParamsResponse {})
    }
}
