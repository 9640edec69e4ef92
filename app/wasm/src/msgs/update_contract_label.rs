//! Another label for a contract.

use iz_core::{Chain, Context, Execute, Result, Signer, errors::Wrap};
use iz_proto::cosmwasm::wasm::v1::{MsgUpdateContractLabel, MsgUpdateContractLabelResponse};

use crate::{Here, Policy, keeper, validation};

impl Execute<Here> for MsgUpdateContractLabel {
    type Response = MsgUpdateContractLabelResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.sender)]
    }

    fn validate_basic(&self, chain: &Chain) -> Result<()> {
        validation::address(chain, &self.sender, "sender")?;
        validation::label(&self.new_label).wrap("label")?;
        validation::address(chain, &self.contract, "contract")
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        let sender = context.addresses().account_from_bech32(&self.sender)?;
        let contract = context.addresses().account_from_bech32(&self.contract)?;
        let policy = Policy::of(context, &self.sender);
        keeper::set_contract_label(context, &contract, &sender, &self.new_label, policy)?;
        Ok(MsgUpdateContractLabelResponse {})
    }
}
