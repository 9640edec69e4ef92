//! New code.

use iz_core::{Chain, Context, Execute, Result, Signer};
use iz_proto::cosmwasm::wasm::v1::{MsgStoreCode, MsgStoreCodeResponse};

use crate::{Here, Policy, keeper, validation};

impl Execute<Here> for MsgStoreCode {
    type Response = MsgStoreCodeResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.sender)]
    }

    fn validate_basic(&self, chain: &Chain) -> Result<()> {
        chain.addresses.account_from_bech32(&self.sender)?;
        validation::code(&self.wasm_byte_code)?;
        validation::permission(self.instantiate_permission.as_ref(), chain)
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        let sender = context.addresses().account_from_bech32(&self.sender)?;
        let policy = Policy::of(context, &self.sender);
        let access = self.instantiate_permission.as_ref();
        let (code_id, checksum) = keeper::create(context, &sender, &self.wasm_byte_code, access, policy)?;
        Ok(MsgStoreCodeResponse { code_id, checksum })
    }
}
