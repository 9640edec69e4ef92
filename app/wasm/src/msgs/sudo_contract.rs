//! A message to a contract from governance.

use iz_core::{Chain, Context, Execute, Result, Signer};
use iz_proto::cosmwasm::wasm::v1::{MsgSudoContract, MsgSudoContractResponse};

use crate::{Here, access::require_authority, keeper, validation};

impl Execute<Here> for MsgSudoContract {
    type Response = MsgSudoContractResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.authority)]
    }

    fn validate_basic(&self, chain: &Chain) -> Result<()> {
        validation::address(chain, &self.authority, "authority")?;
        validation::address(chain, &self.contract, "contract")?;
        validation::payload(&self.msg)
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        require_authority(context, &self.authority)?;
        let contract = context.addresses().account_from_bech32(&self.contract)?;
        let data = keeper::sudo(context, &contract, &self.msg)?;
        Ok(MsgSudoContractResponse { data })
    }
}
