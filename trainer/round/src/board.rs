//! What a role sees of the chain, and the little that it can do there: read a round, post a message, keep and fetch blobs.
//!
//! The same roles run over a chain and inside a simulation. A board is the role's own: it knows in whose name it posts.

use cosmwasm_std::Coin;
use iz_contract_types::rounds::{ClientResponse, ExecuteMsg, MemberResponse, RoundResponse, TaskResponse};
use iz_rounds_machine::Digest;
use sha2::Digest as _;

/// Where rounds are kept. It is part of what is hashed and signed, so that nothing of one chain means anything on another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Identifier of the chain.
    pub chain: String,
    /// Address of the contract `rounds`.
    pub contract: String,
}

/// The chain and the blobs beside it, as one account sees them.
pub trait Board {
    fn place(&self) -> Place;

    /// The account that posts.
    fn address(&self) -> String;

    /// Time of the last block, in seconds.
    fn now(&mut self) -> Result<u64, BoardError>;

    fn round(&mut self, round: u64) -> Result<RoundResponse, BoardError>;

    fn task(&mut self, task: u64) -> Result<TaskResponse, BoardError>;

    /// All clients of a round.
    fn clients(&mut self, round: u64) -> Result<Vec<ClientResponse>, BoardError>;

    /// This account as a client of a round; none if it did not enrol.
    fn client(&mut self, round: u64) -> Result<Option<ClientResponse>, BoardError>;

    /// The committee by seat; empty before it is drawn.
    fn committee(&mut self, round: u64) -> Result<Vec<MemberResponse>, BoardError>;

    /// The manifest of the last final round of the task before this one.
    fn latest(&mut self, task: u64, before: u64) -> Result<Option<Digest>, BoardError>;

    /// Returns once the message was accepted.
    fn post(&mut self, message: ExecuteMsg, funds: &[Coin]) -> Result<(), BoardError>;

    /// Keeps a blob where others can fetch it by its hash.
    fn put(&mut self, bytes: &[u8]) -> Result<Digest, BoardError>;

    /// A blob of at most `limit` bytes. Its hash is checked by [`fetch`], not trusted from here.
    fn get(&mut self, digest: Digest, limit: u64) -> Result<Vec<u8>, BoardError>;
}

/// Why the chain or a blob cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BoardError {
    /// Ask again later.
    #[error("the chain or the store cannot be reached: {0}")]
    Unavailable(String),
    #[error("the message was refused: {0}")]
    Refused(String),
    #[error("nobody has the blob {0}")]
    Missing(Digest),
    #[error("the blob {wanted} was answered with {found}")]
    WrongHash { wanted: Digest, found: Digest },
    #[error("{found} bytes, and {limit} are allowed")]
    TooLarge { limit: u64, found: u64 },
}

/// The content address of bytes: plain SHA-256.
#[must_use]
pub fn address(bytes: &[u8]) -> Digest {
    Digest(sha2::Sha256::digest(bytes).into())
}

/// A blob whose hash and size were checked.
pub fn fetch(board: &mut (impl Board + ?Sized), wanted: Digest, limit: u64) -> Result<Vec<u8>, BoardError> {
    let bytes = board.get(wanted, limit)?;
    if bytes.len() as u64 > limit {
        return Err(BoardError::TooLarge { limit, found: bytes.len() as u64 });
    }
    let found = address(&bytes);
    if found == wanted { Ok(bytes) } else { Err(BoardError::WrongHash { wanted, found }) }
}
