//! No admin for a contract any more.

use iz_core::{Chain, Context, Execute, Result, Signer};
use iz_proto::cosmwasm::wasm::v1::{MsgClearAdmin, MsgClearAdminResponse};

use crate::{Here, Policy, keeper, validation};

impl Execute<Here> for MsgClearAdmin {
    type Response = MsgClearAdminResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.sender)]
    }

    fn validate_basic(&self, chain: &Chain) -> Result<()> {
        validation::address(chain, &self.sender, "sender")?;
        validation::address(chain, &self.contract, "contract")
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        let sender = context.addresses().account_from_bech32(&self.sender)?;
        let contract = context.addresses().account_from_bech32(&self.contract)?;
        let policy = Policy::of(context, &self.sender);
        keeper::set_contract_admin(context, &contract, &sender, None, policy)?;
        Ok(MsgClearAdminResponse {})
    }
}
