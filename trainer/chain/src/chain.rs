//! Reading from a chain: queries, transactions by hash, state.

use std::sync::Arc;
use std::time::Duration;

use iz_proto::cosmos::auth::v1beta1::{BaseAccount, QueryAccountRequest, QueryAccountResponse};
use iz_proto::cosmos::bank::v1beta1::{QueryBalanceRequest, QueryBalanceResponse};
use iz_proto::cosmwasm::wasm::v1::{QuerySmartContractStateRequest, QuerySmartContractStateResponse};
use prost::{Message, Name};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::endpoints::Endpoints;
use crate::{ChainError, Outcome, Status, answers};

/// Where a chain is and how long to wait for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub chain_id: String,
    /// URLs of CometBFT's RPC; the first is preferred.
    pub endpoints: Vec<String>,
    /// For one call to one endpoint.
    pub timeout: Duration,
    /// How many blocks an endpoint may lag behind the best seen.
    pub blocks_behind: u64,
    /// How old the last block of an endpoint may be; none for any age.
    pub block_age: Option<Duration>,
    /// Bytes of an answer at most.
    pub answer_limit: u64,
}

impl Settings {
    pub fn new(chain_id: &str, endpoints: &[&str]) -> Self {
        Self {
            chain_id: chain_id.to_owned(),
            endpoints: endpoints.iter().map(|&url| url.to_owned()).collect(),
            timeout: Duration::from_secs(20),
            blocks_behind: 5,
            block_age: Some(Duration::from_secs(300)),
            answer_limit: 64 << 20,
        }
    }
}

/// A chain to read from. Clones share what is known about the endpoints.
#[derive(Clone)]
pub struct Chain {
    endpoints: Arc<Endpoints>,
    id: Arc<str>,
}

impl Chain {
    /// Nothing is asked yet.
    pub fn new(settings: Settings) -> Result<Self, ChainError> {
        let id = settings.chain_id.as_str().into();
        Ok(Self { endpoints: Arc::new(Endpoints::new(settings)?), id })
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    pub fn status(&self) -> Result<Status, ChainError> {
        self.endpoints.status()
    }

    pub fn height(&self) -> Result<u64, ChainError> {
        Ok(self.status()?.height)
    }

    /// The greatest height seen so far; nothing is asked.
    pub fn best_height(&self) -> u64 {
        self.endpoints.best()
    }

    pub(crate) fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    /// A gRPC query by its path, such as `/cosmos.bank.v1beta1.Query/Balance`.
    pub fn query<Answer: Message + Default>(
        &self,
        path: &str,
        request: &impl Message,
    ) -> Result<Answer, ChainError> {
        let params = json!({ "path": path, "data": hex::encode(request.encode_to_vec()), "height": "0", "prove": false });
        let (code, codespace, log, value) = self.endpoints.call("abci_query", &params, answers::query)?;
        if code != 0 {
            return Err(ChainError::Query { code, codespace, log });
        }
        Answer::decode(value.as_slice()).map_err(|error| ChainError::Malformed(format!("{path}: {error}")))
    }

    /// A smart query to a contract.
    pub fn smart<Answer: DeserializeOwned>(
        &self,
        contract: &str,
        message: &impl Serialize,
    ) -> Result<Answer, ChainError> {
        let query_data =
            serde_json::to_vec(message).map_err(|error| ChainError::Message(error.to_string()))?;
        let request = QuerySmartContractStateRequest { address: contract.to_owned(), query_data };
        let answer: QuerySmartContractStateResponse =
            self.query("/cosmwasm.wasm.v1.Query/SmartContractState", &request)?;
        serde_json::from_slice(&answer.data)
            .map_err(|error| ChainError::Malformed(format!("{contract}: {error}")))
    }

    /// What an account has of a denomination.
    pub fn balance(&self, address: &str, denom: &str) -> Result<u128, ChainError> {
        let request = QueryBalanceRequest { address: address.to_owned(), denom: denom.to_owned() };
        let answer: QueryBalanceResponse = self.query("/cosmos.bank.v1beta1.Query/Balance", &request)?;
        let amount = answer.balance.map(|coin| coin.amount).unwrap_or_default();
        amount.parse().map_err(|_| ChainError::Malformed(format!("a balance of '{amount}'")))
    }

    /// Number and sequence of an account.
    pub fn account(&self, address: &str) -> Result<(u64, u64), ChainError> {
        let request = QueryAccountRequest { address: address.to_owned() };
        let answer = self.query::<QueryAccountResponse>("/cosmos.auth.v1beta1.Query/Account", &request);
        let account = match answer {
            Ok(answer) => answer.account,
            // NotFound of gRPC, or of the SDK's own codes
            Err(ChainError::Query { log, .. }) if log.contains("not found") => None,
            Err(error) => return Err(error),
        };
        let account = account.ok_or_else(|| ChainError::NoAccount(address.to_owned()))?;
        if account.type_url != BaseAccount::type_url() {
            return Err(ChainError::Malformed(format!("an account of type {}", account.type_url)));
        }
        let account = BaseAccount::decode(account.value.as_slice())
            .map_err(|error| ChainError::Malformed(format!("an account: {error}")))?;
        Ok((account.account_number, account.sequence))
    }

    /// A transaction by its hash, once it is in a block.
    pub fn transaction(&self, hash: &str) -> Result<Option<Outcome>, ChainError> {
        let bytes = hex::decode(hash).map_err(|_| ChainError::Malformed(format!("the hash {hash}")))?;
        use base64::Engine as _;
        let params =
            json!({ "hash": base64::engine::general_purpose::STANDARD.encode(bytes), "prove": false });
        match self.endpoints.call("tx", &params, answers::transaction) {
            Ok(outcome) => {
                self.endpoints.saw(outcome.height);
                Ok(Some(outcome))
            }
            Err(ChainError::Rpc { message, .. }) if message.contains("not found") => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Any call of the RPC that has no method here.
    pub fn call(&self, method: &str, params: &Value) -> Result<Value, ChainError> {
        self.endpoints.call(method, params, |answer| Ok(answer.clone()))
    }
}
