//! Governance brings code and makes a contract of it.

use iz_core::{Chain, Context, Error, Execute, Result, Signer, errors::Wrap};
use iz_proto::cosmwasm::wasm::v1::{MsgStoreAndInstantiateContract, MsgStoreAndInstantiateContractResponse};

use crate::{
    Here, Policy,
    addresses::Generator,
    keeper::{self, Instantiation},
    msgs::Parties,
    validation,
};

impl Execute<Here> for MsgStoreAndInstantiateContract {
    type Response = MsgStoreAndInstantiateContractResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.authority)]
    }

    fn validate_basic(&self, chain: &Chain) -> Result<()> {
        validation::address(chain, &self.authority, "authority")?;
        validation::label(&self.label).wrap("label")?;
        validation::funds(&self.funds)?;
        validation::optional_address(chain, &self.admin, "admin")?;
        validation::verification(&self.source, &self.builder, &self.code_hash)
            .map_err(|text| Error::plain(text).wrap("code verification info"))?;
        validation::payload(&self.msg)?;
        validation::code(&self.wasm_byte_code)?;
        validation::permission(self.instantiate_permission.as_ref(), chain)
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        let new = Parties::read(context, &self.authority, &self.admin, &self.funds)?;
        let policy = Policy::of(context, &self.authority);
        let access = self.instantiate_permission.as_ref();
        let (code_id, _) = keeper::create(context, &new.creator, &self.wasm_byte_code, access, policy)?;
        let instantiation = Instantiation {
            code_id,
            creator: &new.creator,
            admin: new.admin.as_ref(),
            message: &self.msg,
            label: &self.label,
            funds: &new.funds,
            address: Generator::Counted,
            policy,
        };
        let (address, data) = keeper::instantiate(context, &instantiation)?;
        Ok(MsgStoreAndInstantiateContractResponse { address: context.addresses().account(&address), data })
    }
}
