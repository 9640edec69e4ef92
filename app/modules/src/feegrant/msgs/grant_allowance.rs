//! An account pays another's fees from now on.

use iz_core::{Context, Execute, Result, Signer, errors::sdk};
use iz_proto::cosmos::feegrant::v1beta1::{MsgGrantAllowance, MsgGrantAllowanceResponse};

use crate::{
    Here,
    feegrant::{grant, types::Allowance},
    text::equal_fold,
};

impl Execute<Here> for MsgGrantAllowance {
    type Response = MsgGrantAllowanceResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.granter)]
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        if equal_fold(&self.grantee, &self.granter) {
            return Err(sdk::INVALID_ADDRESS.wrap("cannot self-grant fee authorization"));
        }
        let grantee = context.addresses().parse_account(&self.grantee)?;
        let granter = context.addresses().parse_account(&self.granter)?;
        grant::require_none(context, &granter, &grantee)?;
        let allowance = Allowance::from_any(self.allowance.as_ref())?;
        allowance.validate()?;
        grant::grant_allowance(context, &granter, &grantee, &allowance)?;
        Ok(MsgGrantAllowanceResponse {})
    }
}
