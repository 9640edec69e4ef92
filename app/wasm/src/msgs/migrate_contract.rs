//! Another code for a contract.

use iz_core::{Chain, Context, Execute, Result, Signer};
use iz_proto::cosmwasm::wasm::v1::{MsgMigrateContract, MsgMigrateContractResponse};

use crate::{Here, Policy, keeper, validation};

impl Execute<Here> for MsgMigrateContract {
    type Response = MsgMigrateContractResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.sender)]
    }

    fn validate_basic(&self, chain: &Chain) -> Result<()> {
        validation::code_id(self.code_id)?;
        validation::address(chain, &self.sender, "sender")?;
        validation::address(chain, &self.contract, "contract")?;
        validation::payload(&self.msg)
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        let sender = context.addresses().account_from_bech32(&self.sender)?;
        let contract = context.addresses().account_from_bech32(&self.contract)?;
        let policy = Policy::of(context, &self.sender);
        let data = keeper::migrate(context, &contract, &sender, self.code_id, &self.msg, policy)?;
        Ok(MsgMigrateContractResponse { data })
    }
}
