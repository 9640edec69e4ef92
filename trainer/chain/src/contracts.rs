//! Contracts: store, instantiate, execute, migrate.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use iz_proto::Any;
use iz_proto::cosmos::base::abci::v1beta1::TxMsgData;
use iz_proto::cosmwasm::wasm::v1::{
    MsgExecuteContract, MsgExecuteContractResponse, MsgInstantiateContract, MsgInstantiateContractResponse,
    MsgMigrateContract, MsgStoreCode, MsgStoreCodeResponse,
};
use prost::{Message, Name};
use serde::Serialize;

use crate::{ChainError, Coin, Outcome, Wallet, any};

fn to_json(message: &impl Serialize) -> Result<Vec<u8>, ChainError> {
    serde_json::to_vec(message).map_err(|error| ChainError::Message(error.to_string()))
}

impl Outcome {
    /// The response to the message with this index.
    pub fn response<Response: Message + Default + Name>(&self, index: usize) -> Result<Response, ChainError> {
        let wrong = |what: String| ChainError::Malformed(format!("the data of {}: {what}", self.hash));
        let data = TxMsgData::decode(self.data.as_slice()).map_err(|error| wrong(error.to_string()))?;
        let response = data.msg_responses.get(index).ok_or_else(|| wrong(format!("no response {index}")))?;
        if response.type_url != Response::type_url() {
            return Err(wrong(format!("{} instead of {}", response.type_url, Response::type_url())));
        }
        Response::decode(response.value.as_slice()).map_err(|error| wrong(error.to_string()))
    }

    /// What a contract answered to the execution with this index.
    pub fn contract_data(&self, index: usize) -> Result<Vec<u8>, ChainError> {
        Ok(self.response::<MsgExecuteContractResponse>(index)?.data)
    }
}

impl Wallet {
    /// Stores a contract's code, compressed; its number is answered.
    pub fn store_code(&self, wasm: &[u8]) -> Result<u64, ChainError> {
        let mut compressed = GzEncoder::new(Vec::new(), Compression::best());
        let done = compressed.write_all(wasm).and_then(|()| compressed.finish());
        let wasm_byte_code = done.map_err(|error| ChainError::Message(error.to_string()))?;
        let message =
            MsgStoreCode { sender: self.address().to_owned(), wasm_byte_code, instantiate_permission: None };
        Ok(self.submit(&[any(&message)])?.response::<MsgStoreCodeResponse>(0)?.code_id)
    }

    /// Makes a contract of a code; its address is answered. Without `admin` nobody can migrate it.
    pub fn instantiate(
        &self,
        code_id: u64,
        label: &str,
        admin: Option<&str>,
        message: &impl Serialize,
        funds: &[Coin],
    ) -> Result<String, ChainError> {
        let message = MsgInstantiateContract {
            sender: self.address().to_owned(),
            admin: admin.unwrap_or_default().to_owned(),
            code_id,
            label: label.to_owned(),
            msg: to_json(message)?,
            funds: funds.to_vec(),
        };
        Ok(self.submit(&[any(&message)])?.response::<MsgInstantiateContractResponse>(0)?.address)
    }

    /// A call of a contract, for [`Wallet::submit`] together with others.
    pub fn execution(
        &self,
        contract: &str,
        message: &impl Serialize,
        funds: &[Coin],
    ) -> Result<Any, ChainError> {
        Ok(any(&MsgExecuteContract {
            sender: self.address().to_owned(),
            contract: contract.to_owned(),
            msg: to_json(message)?,
            funds: funds.to_vec(),
        }))
    }

    pub fn execute(
        &self,
        contract: &str,
        message: &impl Serialize,
        funds: &[Coin],
    ) -> Result<Outcome, ChainError> {
        self.submit(&[self.execution(contract, message, funds)?])
    }

    pub fn migrate(
        &self,
        contract: &str,
        code_id: u64,
        message: &impl Serialize,
    ) -> Result<Outcome, ChainError> {
        let message = MsgMigrateContract {
            sender: self.address().to_owned(),
            contract: contract.to_owned(),
            code_id,
            msg: to_json(message)?,
        };
        self.submit(&[any(&message)])
    }
}
