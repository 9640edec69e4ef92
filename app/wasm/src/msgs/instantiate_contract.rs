//! A new contract of a code, its address counted.

use iz_core::{Chain, Context, Execute, Result, Signer, errors::Wrap};
use iz_proto::cosmwasm::wasm::v1::{MsgInstantiateContract, MsgInstantiateContractResponse};

use crate::{
    Here, Policy,
    addresses::Generator,
    keeper::{self, Instantiation},
    msgs::Parties,
    validation,
};

impl Execute<Here> for MsgInstantiateContract {
    type Response = MsgInstantiateContractResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.sender)]
    }

    fn validate_basic(&self, chain: &Chain) -> Result<()> {
        validation::address(chain, &self.sender, "sender")?;
        validation::code_id(self.code_id)?;
        validation::label(&self.label).wrap("label")?;
        validation::funds(&self.funds)?;
        validation::optional_address(chain, &self.admin, "admin")?;
        validation::payload(&self.msg)
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        let new = Parties::read(context, &self.sender, &self.admin, &self.funds)?;
        let instantiation = Instantiation {
            code_id: self.code_id,
            creator: &new.creator,
            admin: new.admin.as_ref(),
            message: &self.msg,
            label: &self.label,
            funds: &new.funds,
            address: Generator::Counted,
            policy: Policy::of(context, &self.sender),
        };
        let (address, data) = keeper::instantiate(context, &instantiation)?;
        Ok(MsgInstantiateContractResponse { address: context.addresses().account(&address), data })
    }
}
