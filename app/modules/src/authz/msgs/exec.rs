//! An account acts for others who have granted it, or for itself.

use iz_core::{Context, Error, Execute, Result, Signer, errors::sdk};
use iz_proto::cosmos::authz::v1beta1::{MsgExec, MsgExecResponse};

use crate::{Here, authz::dispatch};

impl Execute<Here> for MsgExec {
    type Response = MsgExecResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.grantee)]
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        if self.grantee.is_empty() {
            return Err(Error::plain("empty address string is not allowed"));
        }
        let grantee = context.addresses().parse_account(&self.grantee);
        let grantee = grantee
            .map_err(|error| sdk::INVALID_ADDRESS.wrap(format!("invalid grantee address: {error}")))?;
        if self.msgs.is_empty() {
            return Err(sdk::INVALID_REQUEST.wrap("messages cannot be empty"));
        }
        let messages = dispatch::decode(context, &self.msgs)?;
        let results = dispatch::dispatch(context, &grantee, &messages)?;
        Ok(MsgExecResponse { results })
    }
}
