//! An account lets another act for it.

use iz_core::{Context, Execute, Result, Signer, Timestamp, errors::sdk};
use iz_proto::cosmos::authz::v1beta1::{MsgGrant, MsgGrantResponse};

use super::parties;
use crate::{
    Here,
    auth::keeper as accounts,
    authz::{keeper, types::Authorization},
    module_accounts,
};

impl Execute<Here> for MsgGrant {
    type Response = MsgGrantResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.granter)]
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        let (grantee, granter) = parties(context, &self.grantee, &self.granter)?;
        let grant = self.grant.clone().unwrap_or_default();
        let authorization = Authorization::from_any(grant.authorization.as_ref())?;
        let packed = grant.authorization.unwrap_or_default();
        authorization.validate(&context.chain)?;
        if accounts::account(context, &grantee)?.is_none() {
            if module_accounts::is_blocked(&grantee) {
                let grantee = context.addresses().account(&grantee);
                return Err(sdk::UNAUTHORIZED.wrap(format!("{grantee} is not allowed to receive funds")));
            }
            let account = accounts::new_account(context, &grantee)?;
            accounts::set_account(context, &grantee, &account)?;
        }
        let kind = authorization.message_kind()?;
        if !context.chain.router.has_handler(&kind) {
            return Err(sdk::INVALID_TYPE.wrap(format!("{kind} doesn't exist.")));
        }
        let expiration = grant.expiration.as_ref().map(Timestamp::from);
        keeper::save_grant(context, &grantee, &granter, (&authorization, &packed), expiration)?;
        Ok(MsgGrantResponse {})
    }
}
