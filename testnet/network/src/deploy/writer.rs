//! Messages of the founding transaction.

use anyhow::{Context, Result};
use iz_chain_client::{Any, any};
use iz_proto::cosmwasm::wasm::v1::{MsgExecuteContract, MsgInstantiateContract2, MsgUpdateAdmin};
use serde::Serialize;

use crate::files::Network;

/// Writes the founder's messages one after the other.
pub struct Writer<'a> {
    pub network: &'a Network,
    pub founder: &'a str,
    /// The contracts' admin.
    pub constitution: &'a str,
    pub messages: Vec<Any>,
}

impl Writer<'_> {
    pub fn instantiate(&mut self, name: &str, message: &impl Serialize) -> Result<()> {
        let code = self.network.codes.get(name).with_context(|| format!("{name} is not stored"))?;
        // nobody can be its own admin before it exists: the constitution becomes that below
        let admin = if name == "constitution" { self.founder } else { self.constitution };
        self.messages.push(any(&MsgInstantiateContract2 {
            sender: self.founder.to_owned(),
            admin: admin.to_owned(),
            code_id: code.id,
            label: name.to_owned(),
            msg: serde_json::to_vec(message)?,
            funds: vec![],
            salt: name.as_bytes().to_vec(),
            fix_msg: false,
        }));
        Ok(())
    }

    pub fn execute(&mut self, contract: &str, message: &impl Serialize) -> Result<()> {
        self.messages.push(any(&MsgExecuteContract {
            sender: self.founder.to_owned(),
            contract: contract.to_owned(),
            msg: serde_json::to_vec(message)?,
            funds: vec![],
        }));
        Ok(())
    }

    /// The founder's last power over the constitution goes to itself.
    pub fn let_go(&mut self) {
        self.messages.push(any(&MsgUpdateAdmin {
            sender: self.founder.to_owned(),
            new_admin: self.constitution.to_owned(),
            contract: self.constitution.to_owned(),
        }));
    }
}
