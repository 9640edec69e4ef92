//! Governance changes which coins are distributed, and how often.

use iz_core::{Context, Execute, Result, Signer};
use iz_proto::cosmos::protocolpool::v1::{MsgUpdateParams, MsgUpdateParamsResponse};

use crate::{
    Here,
    protocolpool::{keeper, types},
};

impl Execute<Here> for MsgUpdateParams {
    type Response = MsgUpdateParamsResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.authority)]
    }

    fn execute(&self, context: &mut Context) -> Result<MsgUpdateParamsResponse> {
        keeper::require_authority(context, &self.authority)?;
        let params = self.params.clone().unwrap_or_default();
        types::validate_params(&params)
            .map_err(|error| error.obscure(|log| format!("invalid params: {log}")))?;
        keeper::set_params(context, &params)?;
        Ok(MsgUpdateParamsResponse {})
    }
}
