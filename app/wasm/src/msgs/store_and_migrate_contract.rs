//! Governance brings code and gives it to a contract.

use iz_core::{Chain, Context, Execute, Result, Signer};
use iz_proto::cosmwasm::wasm::v1::{MsgStoreAndMigrateContract, MsgStoreAndMigrateContractResponse};

use crate::{Here, Policy, keeper, validation};

impl Execute<Here> for MsgStoreAndMigrateContract {
    type Response = MsgStoreAndMigrateContractResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.authority)]
    }

    fn validate_basic(&self, chain: &Chain) -> Result<()> {
        validation::address(chain, &self.authority, "authority")?;
        validation::address(chain, &self.contract, "contract")?;
        validation::payload(&self.msg)?;
        validation::code(&self.wasm_byte_code)?;
        validation::permission(self.instantiate_permission.as_ref(), chain)
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        let authority = context.addresses().account_from_bech32(&self.authority)?;
        let policy = Policy::of(context, &self.authority);
        let access = self.instantiate_permission.as_ref();
        let (code_id, checksum) = keeper::create(context, &authority, &self.wasm_byte_code, access, policy)?;
        let contract = context.addresses().account_from_bech32(&self.contract)?;
        let data = keeper::migrate(context, &contract, &authority, code_id, &self.msg, policy)?;
        Ok(MsgStoreAndMigrateContractResponse { code_id, checksum, data })
    }
}
