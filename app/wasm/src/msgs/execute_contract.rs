//! A message to a contract.

use iz_core::{Chain, Context, Execute, Result, Signer};
use iz_modules::convert::coins_from_proto;
use iz_proto::cosmwasm::wasm::v1::{MsgExecuteContract, MsgExecuteContractResponse};

use crate::{Here, keeper, validation};

impl Execute<Here> for MsgExecuteContract {
    type Response = MsgExecuteContractResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.sender)]
    }

    fn validate_basic(&self, chain: &Chain) -> Result<()> {
        validation::address(chain, &self.sender, "sender")?;
        validation::address(chain, &self.contract, "contract")?;
        validation::funds(&self.funds)?;
        validation::payload(&self.msg)
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        let sender = context.addresses().account_from_bech32(&self.sender)?;
        let contract = context.addresses().account_from_bech32(&self.contract)?;
        let funds = coins_from_proto(&self.funds)?;
        let data = keeper::execute(context, &contract, &sender, &self.msg, &funds)?;
        Ok(MsgExecuteContractResponse { data })
    }
}
