//! What the servers ask of the application.

use bytes::Bytes;
use iz_proto::cosmos::base::abci::v1beta1::SimulationResponse;
use iz_proto::tendermint::abci::{RequestQuery, ResponseQuery};

/// gRPC codes that this crate gives by itself.
pub(crate) mod code {
    pub const UNKNOWN: u32 = 2;
    pub const INVALID_ARGUMENT: u32 = 3;
    pub const NOT_FOUND: u32 = 5;
    pub const UNIMPLEMENTED: u32 = 12;
    pub const INTERNAL: u32 = 13;
}

/// The application, as queries see it. Every call reads a committed snapshot of its own and may come from any thread.
pub trait QueryService: Send + Sync + 'static {
    /// Whether a module answers this method (`/cosmos.bank.v1beta1.Query/Balance`).
    fn has(&self, path: &str) -> bool;

    /// A module's answer at a height; 0 is the newest.
    fn query(&self, path: &str, data: &[u8], height: i64) -> Result<QueryReply, QueryError>;

    /// The block of a height; 0 is the newest. It fails where a query at that height would.
    fn head(&self, height: i64) -> Result<Head, QueryError>;

    /// An ABCI query, as CometBFT would ask it.
    fn abci_query(&self, request: &RequestQuery) -> ResponseQuery;

    /// Runs a transaction without keeping what it does.
    fn simulate(&self, transaction: &Bytes) -> Result<SimulationResponse, SimulationError>;

    /// Whether a transaction can be decoded by the node's rules.
    fn decode(&self, transaction: &Bytes) -> Result<(), QueryError>;
}

/// A module's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryReply {
    pub data: Vec<u8>,
    /// The height it was read at.
    pub height: i64,
}

/// A gRPC status: the code, and the text as Go gives it (`codespace sdk code 26: …`).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    pub code: u32,
    pub message: String,
}

impl QueryError {
    pub fn new(code: u32, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    pub(crate) fn unknown(message: impl Into<String>) -> Self {
        Self::new(code::UNKNOWN, message)
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(code::INVALID_ARGUMENT, message)
    }

    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::new(code::INTERNAL, message)
    }
}

/// What is known of a block without CometBFT.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Head {
    pub height: i64,
    pub time: iz_proto::Timestamp,
    pub app_hash: Vec<u8>,
    pub next_validators_hash: Vec<u8>,
}

/// Why a simulation failed, and what it had cost by then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimulationError {
    /// The error as Go prints it, without the gas.
    pub message: String,
    pub gas_used: u64,
}
