//! A new contract of a code, its address known before.

use iz_core::{Chain, Context, Execute, Result, Signer, errors::Wrap};
use iz_proto::cosmwasm::wasm::v1::{MsgInstantiateContract2, MsgInstantiateContract2Response};

use crate::{
    Here, Policy,
    addresses::{Generator, validate_salt},
    keeper::{self, Instantiation},
    msgs::Parties,
    validation,
};

impl Execute<Here> for MsgInstantiateContract2 {
    type Response = MsgInstantiateContract2Response;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.sender)]
    }

    fn validate_basic(&self, chain: &Chain) -> Result<()> {
        validation::address(chain, &self.sender, "sender")?;
        validation::code_id(self.code_id)?;
        validation::label(&self.label).wrap("label")?;
        validation::funds(&self.funds)?;
        validation::optional_address(chain, &self.admin, "admin")?;
        validation::payload(&self.msg)?;
        validate_salt(&self.salt).wrap("salt")
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        let new = Parties::read(context, &self.sender, &self.admin, &self.funds)?;
        let message: &[u8] = if self.fix_msg { &self.msg } else { &[] };
        let instantiation = Instantiation {
            code_id: self.code_id,
            creator: &new.creator,
            admin: new.admin.as_ref(),
            message: &self.msg,
            label: &self.label,
            funds: &new.funds,
            address: Generator::Predictable { creator: &new.creator, salt: &self.salt, message },
            policy: Policy::of(context, &self.sender),
        };
        let (address, data) = keeper::instantiate(context, &instantiation)?;
        Ok(MsgInstantiateContract2Response { address: context.addresses().account(&address), data })
    }
}
