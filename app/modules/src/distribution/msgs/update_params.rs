//! Governance changes the settings of distribution.

use iz_core::{Context, Execute, Result, Signer, errors::sdk};
use iz_proto::cosmos::distribution::v1beta1::{MsgUpdateParams, MsgUpdateParamsResponse};

use crate::{
    Here,
    distribution::{
        keeper, store,
        types::{Params, validate_params},
    },
};

impl Execute<Here> for MsgUpdateParams {
    type Response = MsgUpdateParamsResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.authority)]
    }

    fn execute(&self, context: &mut Context) -> Result<MsgUpdateParamsResponse> {
        keeper::require_authority(context, &self.authority)?;
        let sent = self.params.clone().unwrap_or_default();
        let params = Params::from_wire(&sent)?;
        if !params.base_proposer_reward.is_zero() || !params.bonus_proposer_reward.is_zero() {
            return Err(sdk::INVALID_REQUEST
                .wrap("cannot update base or bonus proposer reward because these are deprecated fields"));
        }
        validate_params(&sent)?;
        store::set_params(context, &params)?;
        Ok(MsgUpdateParamsResponse {})
    }
}
