//! Another admin for a contract.

use iz_core::{Chain, Context, Execute, Result, Signer};
use iz_proto::cosmwasm::wasm::v1::{MsgUpdateAdmin, MsgUpdateAdminResponse};

use crate::{Here, Policy, errors, keeper, validation};

impl Execute<Here> for MsgUpdateAdmin {
    type Response = MsgUpdateAdminResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.sender)]
    }

    fn validate_basic(&self, chain: &Chain) -> Result<()> {
        validation::address(chain, &self.sender, "sender")?;
        validation::address(chain, &self.contract, "contract")?;
        validation::address(chain, &self.new_admin, "new admin")?;
        if self.sender.eq_ignore_ascii_case(&self.new_admin) {
            return Err(errors::INVALID.wrap("new admin is the same as the old"));
        }
        Ok(())
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        let sender = context.addresses().account_from_bech32(&self.sender)?;
        let contract = context.addresses().account_from_bech32(&self.contract)?;
        let admin = context.addresses().account_from_bech32(&self.new_admin)?;
        let policy = Policy::of(context, &self.sender);
        keeper::set_contract_admin(context, &contract, &sender, Some(&admin), policy)?;
        Ok(MsgUpdateAdminResponse {})
    }
}
