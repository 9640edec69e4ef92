//! What can go wrong, with the values that made it so.

use cosmwasm_std::{OverflowError, StdError, Timestamp, Uint128, Uint256};
use cw2::VersionError;
use iz_contract_types::constitution::Class;
use iz_contract_types::payment::PaymentError;
use thiserror::Error;

#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    #[error(transparent)]
    Std(#[from] StdError),
    #[error(transparent)]
    Overflow(#[from] OverflowError),
    #[error(transparent)]
    Version(#[from] VersionError),
    #[error(transparent)]
    Payment(#[from] PaymentError),
    #[error("{sender} is not the constitution")]
    NotAdmin { sender: String },
    #[error("the config is not valid: {reason}")]
    InvalidConfig { reason: String },

    #[error("{sender} is not a member")]
    NotMember { sender: String },
    #[error("the bond is {expected}, not {found}")]
    WrongBond { expected: String, found: String },
    #[error("{what} has {length} bytes, {limit} are allowed")]
    Length { what: &'static str, length: usize, limit: &'static str },
    #[error("the messages are of class {needed:?}, not {named:?}")]
    WrongClass { needed: Class, named: Class },
    #[error("nobody has merit that counts yet")]
    NoMeritYet,
    #[error("this epoch takes {most} proposals, the next one is open from {next}")]
    EpochFull { most: u32, next: Timestamp },
    #[error("{rule_key} has {most} options in this epoch, the next one is open from {next}")]
    BallotFull { rule_key: String, most: u32, next: Timestamp },

    #[error("there is no ballot {ballot}")]
    NoBallot { ballot: u64 },
    #[error("there is no epoch {epoch}")]
    NoEpoch { epoch: u64 },
    #[error("there is no proposal {proposal}")]
    NoProposal { proposal: u64 },
    #[error("ballot {ballot} is voted on from {opens} until {closes}")]
    NotVoting { ballot: u64, opens: Timestamp, closes: Timestamp },
    #[error("sealed votes of ballot {ballot} are opened from {from} until {until}")]
    NotRevealing { ballot: u64, from: Timestamp, until: Timestamp },
    #[error("ballot {ballot} is secret: votes are committed and revealed")]
    Secret { ballot: u64 },
    #[error("ballot {ballot} is open: votes are not sealed")]
    NotSecret { ballot: u64 },
    #[error("proposal {proposal} is no option of ballot {ballot}, or named twice or out of order")]
    WrongOption { ballot: u64, proposal: u64 },
    #[error("proposal {proposal} is named without votes")]
    EmptyVote { proposal: u64 },
    #[error("{voter} has no merit that counts in epoch {epoch}")]
    NoPower { voter: String, epoch: u64 },
    #[error("the votes of this epoch would cost {asked}, the budget is {budget}")]
    OverBudget { asked: Uint256, budget: Uint256 },
    #[error("a presence of {presence} is not between the votes' length and the radius of {radius}")]
    WrongPresence { presence: Uint128, radius: Uint128 },

    #[error("a digest has 32 bytes, not {length}")]
    DigestLength { length: usize },
    #[error("a salt has 16 to 64 bytes, not {length}")]
    SaltLength { length: usize },
    #[error("{voter} has no sealed parcel {parcel} on ballot {ballot}")]
    NoParcel { voter: String, parcel: u8, ballot: u64 },
    #[error("this is not what was sealed in parcel {parcel}")]
    SealMismatch { parcel: u8 },
    #[error("the vote is longer than {radius}, which was committed")]
    TooLong { radius: Uint128 },

    #[error("{member} had not delegated to anyone, or has no merit of her own in epoch {epoch}")]
    NotDelegated { member: String, epoch: u64 },
    #[error("{member} votes for herself in epoch {epoch} already")]
    AlreadyReclaimed { member: String, epoch: u64 },
    #[error("{delegate} has voted in epoch {epoch} already")]
    DelegateHasVoted { delegate: String, epoch: u64 },

    #[error("ballot {ballot} can be closed from {ends}")]
    NotOver { ballot: u64, ends: Timestamp },
    #[error("ballot {ballot} is closed already")]
    AlreadyClosed { ballot: u64 },
    #[error("proposal {proposal} has not passed, or was executed already")]
    NotPassed { proposal: u64 },
    #[error("proposal {proposal} can be executed from {from} until {until}")]
    NotNow { proposal: u64, from: Timestamp, until: Timestamp },
    #[error("this is {found}, not {expected}")]
    WrongContract { found: String, expected: String },
    #[error("version {found} is newer than {own}, or no version")]
    WrongVersion { found: String, own: String },
}
