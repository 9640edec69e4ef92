//! CometBFT's RPC, as far as the services need it.

mod convert;
mod http;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use iz_proto::tendermint::types::{Block, BlockId};
use serde_json::{Value, json};

use crate::query_service::QueryError;

pub(crate) use convert::{bytes, events, hex, integer, string};

/// A client; every call is a connection of its own.
#[derive(Debug, Clone)]
pub(crate) struct Comet {
    /// `127.0.0.1:26657`
    address: String,
}

/// An error of the RPC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CometError(pub String);

impl From<CometError> for QueryError {
    fn from(error: CometError) -> Self {
        QueryError::unknown(error.0)
    }
}

/// The state of the node.
#[derive(Debug, Clone)]
pub(crate) struct Status {
    pub latest_height: i64,
    pub catching_up: bool,
    pub node_info: Value,
}

impl Comet {
    pub fn new(address: &str) -> Self {
        let address = address.rsplit_once("://").map_or(address, |(_, rest)| rest);
        Self { address: address.to_owned() }
    }

    /// Calls a method and gives its result.
    pub async fn call(&self, method: &str, parameters: Value) -> Result<Value, CometError> {
        let body = json!({"jsonrpc": "2.0", "id": -1, "method": method, "params": parameters}).to_string();
        let answer = http::post(&self.address, body)
            .await
            .map_err(|error| CometError(format!("post failed: Post \"http://{}\": {error}", self.address)))?;
        let mut answer: Value = serde_json::from_slice(&answer)
            .map_err(|error| CometError(format!("error unmarshalling rpc response: {error}")))?;
        if let Some(error) = answer.get("error").filter(|error| !error.is_null()) {
            // The node answers in the words that a client in the same process would hear.
            let (message, data) = (string(error, "message"), string(error, "data"));
            return Err(CometError(if data.is_empty() { message } else { data }));
        }
        Ok(answer.get_mut("result").map(Value::take).unwrap_or_default())
    }

    /// A block, the newest without a height.
    pub async fn block(&self, height: Option<i64>) -> Result<(BlockId, Block), CometError> {
        let parameters = height.map_or(json!({}), |height| json!({"height": height.to_string()}));
        let answer = self.call("block", parameters).await?;
        let malformed = |part: &str| CometError(format!("malformed {part} in the answer of CometBFT"));
        let id = convert::block_id(&answer["block_id"]).ok_or_else(|| malformed("block id"))?;
        let block = convert::block(&answer["block"]).ok_or_else(|| malformed("block"))?;
        Ok((id, block))
    }

    pub async fn status(&self) -> Result<Status, CometError> {
        let mut answer = self.call("status", json!({})).await?;
        Ok(Status {
            latest_height: integer(&answer["sync_info"], "latest_block_height"),
            catching_up: answer["sync_info"]["catching_up"].as_bool().unwrap_or(false),
            node_info: answer["node_info"].take(),
        })
    }

    /// A transaction by its hash.
    pub async fn transaction(&self, hash: &[u8]) -> Result<Value, CometError> {
        self.call("tx", json!({"hash": STANDARD.encode(hash), "prove": true})).await
    }
}
