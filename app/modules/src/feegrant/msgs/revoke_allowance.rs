//! An account stops paying another's fees.

use iz_core::{Context, Execute, Result, Signer, errors::sdk};
use iz_proto::cosmos::feegrant::v1beta1::{MsgRevokeAllowance, MsgRevokeAllowanceResponse};

use crate::{Here, feegrant::keeper};

impl Execute<Here> for MsgRevokeAllowance {
    type Response = MsgRevokeAllowanceResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.granter)]
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        if self.grantee == self.granter {
            return Err(sdk::INVALID_ADDRESS.wrap("addresses must be different"));
        }
        let grantee = context.addresses().parse_account(&self.grantee)?;
        let granter = context.addresses().parse_account(&self.granter)?;
        keeper::revoke_allowance(context, &granter, &grantee)?;
        Ok(MsgRevokeAllowanceResponse {})
    }
}
