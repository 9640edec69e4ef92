//! Who may make contracts of a code.

use iz_core::{Chain, Context, Execute, Result, Signer, errors::sdk};
use iz_proto::cosmwasm::wasm::v1::{MsgUpdateInstantiateConfig, MsgUpdateInstantiateConfigResponse};

use crate::{Here, Policy, keeper, validation};

impl Execute<Here> for MsgUpdateInstantiateConfig {
    type Response = MsgUpdateInstantiateConfigResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.sender)]
    }

    fn validate_basic(&self, chain: &Chain) -> Result<()> {
        validation::address(chain, &self.sender, "sender")?;
        validation::code_id(self.code_id)?;
        if self.new_instantiate_permission.is_none() {
            return Err(sdk::INVALID_REQUEST.wrap("instantiate permission is required"));
        }
        validation::permission(self.new_instantiate_permission.as_ref(), chain)
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        let sender = context.addresses().account_from_bech32(&self.sender)?;
        let policy = Policy::of(context, &self.sender);
        let access = self.new_instantiate_permission.clone().unwrap_or_default();
        keeper::set_access_config(context, self.code_id, &sender, &access, policy)?;
        Ok(MsgUpdateInstantiateConfigResponse {})
    }
}
