//! What can go wrong, apart by what a caller can do about it.

use thiserror::Error;

/// Why one endpoint gave no usable answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EndpointError {
    #[error("cannot be reached: {0}")]
    Unreachable(String),
    #[error("answers with HTTP status {0}")]
    Status(u16),
    #[error("answers with more than {limit} bytes")]
    TooLarge { limit: u64 },
    #[error("its answer cannot be read: {0}")]
    Malformed(String),
    #[error("serves the chain {found}, not {expected}")]
    OtherChain { found: String, expected: String },
    #[error("is still catching up, at height {height}")]
    CatchingUp { height: u64 },
    #[error("is behind: at height {height}, others are at {best}")]
    Behind { height: u64, best: u64 },
    #[error("its last block is {seconds} s old")]
    Stale { seconds: u64 },
    #[error("error {code}: {message}")]
    Rpc { code: i64, message: String },
}

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ChainError {
    #[error("no endpoint is given")]
    NoEndpoints,
    #[error("no endpoint answers: {}", list(.0))]
    Unavailable(Vec<(String, EndpointError)>),
    /// The endpoint understood the call and refuses it.
    #[error("the node refuses the call: error {code}: {message}")]
    Rpc { code: i64, message: String },
    #[error("the query is refused with code {code} of {codespace}: {log}")]
    Query { code: u32, codespace: String, log: String },
    #[error("the answer cannot be read: {0}")]
    Malformed(String),
    #[error("there is no account {0} yet: it has to receive something first")]
    NoAccount(String),
    /// The mempool does not take the transaction; nothing was paid.
    #[error("the transaction is refused with code {code} of {codespace}: {log}")]
    Refused { code: u32, codespace: String, log: String },
    /// The transaction is in a block and failed there; its fee was paid.
    #[error("transaction {hash} failed at height {height} with code {code} of {codespace}: {log}")]
    Failed { hash: String, height: u64, code: u32, codespace: String, log: String },
    /// Its last height has passed without it, so it never will be in a block.
    #[error("transaction {hash} was not taken into a block up to height {timeout_height}")]
    NotIncluded { hash: String, timeout_height: u64 },
    /// The chain could not be asked long enough to know.
    #[error("what became of transaction {hash} is not known: {reason}")]
    Unknown { hash: String, reason: String },
    #[error("block {height} is not kept any more; the first that is kept is {lowest}")]
    Pruned { height: u64, lowest: u64 },
    #[error("the mnemonic is not valid")]
    Mnemonic,
    #[error("the key is not valid")]
    Key,
    #[error("{0} is not an address")]
    Address(String),
    #[error("{0} is not a gas price, such as 0.025uiz")]
    GasPrice(String),
    #[error("a message cannot be written as JSON: {0}")]
    Message(String),
}

fn list(reasons: &[(String, EndpointError)]) -> String {
    reasons.iter().map(|(endpoint, reason)| format!("{endpoint} {reason}")).collect::<Vec<_>>().join("; ")
}
