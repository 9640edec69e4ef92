//! Governance sets the parameters of accounts.

use iz_core::{Context, Error, Execute, Result, Signer};
use iz_proto::cosmos::auth::v1beta1::{MsgUpdateParams, MsgUpdateParamsResponse};

use crate::{Here, auth::params, module_accounts};

impl Execute<Here> for MsgUpdateParams {
    type Response = MsgUpdateParamsResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.authority)]
    }

    fn execute(&self, context: &mut Context) -> Result<MsgUpdateParamsResponse> {
        let authority = module_accounts::authority(context);
        if authority != self.authority {
            return Err(Error::plain(format!(
                "expected gov account as only signer for proposal message; invalid authority; expected {authority}, got {}",
                self.authority
            )));
        }
        let wanted = self.params.unwrap_or_default();
        params::validate(&wanted)?;
        params::set(context, &wanted)?;
        Ok(MsgUpdateParamsResponse {})
    }
}
