//! An account takes back what it let another do.

use iz_core::{Context, Execute, Result, Signer, errors::sdk};
use iz_proto::cosmos::authz::v1beta1::{MsgRevoke, MsgRevokeResponse};

use super::parties;
use crate::{Here, authz::keeper};

impl Execute<Here> for MsgRevoke {
    type Response = MsgRevokeResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.granter)]
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        let (grantee, granter) = parties(context, &self.grantee, &self.granter)?;
        if self.msg_type_url.is_empty() {
            return Err(sdk::INVALID_REQUEST.wrap("missing msg method name"));
        }
        keeper::delete_grant(context, &grantee, &granter, &self.msg_type_url)?;
        Ok(MsgRevokeResponse {})
    }
}
