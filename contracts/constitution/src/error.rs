//! What can go wrong, with the values that made it so.

use cosmwasm_std::{OverflowError, StdError, Timestamp, Uint128};
use cw2::VersionError;
use iz_contract_types::constitution::{Class, Scope};
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
    #[error("a deposit is one coin, not {count}")]
    NotOneCoin { count: usize },
    #[error("the amount is zero")]
    ZeroAmount,
    #[error("{sender} may not send this")]
    Unauthorized { sender: String },
    #[error("only a vote may do this, {sender} is not one")]
    OnlyByVote { sender: String },
    #[error("bound already")]
    AlreadyBound,
    #[error("proposal {proposal} was executed already")]
    AlreadyExecuted { proposal: u64 },

    #[error("{count} messages are none or more than {most}")]
    MessageCount { count: usize, most: usize },
    #[error("messages of kind {kind} are never sent")]
    KindRefused { kind: &'static str },
    #[error("the message to {target} is not an object with one key")]
    NotOneKey { target: String },
    #[error("no rule allows {key} to {target}")]
    NoRule { target: String, key: String },
    #[error("messages under {first} and {second} need proposals of their own")]
    SeveralRules { first: String, second: String },
    #[error("the table says {needed:?}, the vote was of class {voted:?}")]
    WrongClass { needed: Class, voted: Class },
    #[error("{path} is missing")]
    BoundMissing { path: String },
    #[error("{path} is {value}, out of bounds")]
    OutOfBounds { path: String, value: String },
    #[error("what {key} to {target} gives away cannot be read")]
    AmountUnreadable { target: String, key: String },
    #[error("{key} lets no {asset} out")]
    AssetNotAllowed { key: String, asset: String },
    #[error("{key} may let out {left} {asset} more in this epoch, {asked} is asked")]
    CapExceeded { key: String, asset: String, asked: Uint128, left: Uint128 },
    #[error("{free} {asset} is free, {asked} is asked")]
    TreasuryShort { asset: String, asked: Uint128, free: Uint128 },
    #[error("{set_aside} {asset} is set aside for research, {asked} is asked")]
    ResearchShort { asset: String, asked: Uint128, set_aside: Uint128 },

    #[error("no rule may be set for {key} to {target}")]
    RuleNotAllowed { target: String, key: String },
    #[error("{key} to {target} can be of class {least:?} only, not {class:?}")]
    ClassTooLow { target: String, key: String, class: Class, least: Class },
    #[error("the {what} is not valid: {reason}")]
    Invalid { what: &'static str, reason: String },

    #[error("{scope:?} cannot be paused now: {available} seconds are left, {asked} are asked")]
    PauseBudget { scope: Scope, asked: u64, available: u64 },
    #[error("{scope:?} is not paused")]
    NotPaused { scope: Scope },

    #[error("there is no grant {grant}")]
    NoGrant { grant: u64 },
    #[error("grant {grant} has ended")]
    GrantEnded { grant: u64 },
    #[error("all milestones of grant {grant} are approved")]
    AllApproved { grant: u64 },
    #[error("nothing to claim")]
    NothingToClaim,
    #[error("there is no payment {payment}")]
    NoPayment { payment: u64 },
    #[error("payment {payment} is no longer waiting")]
    PaymentSettled { payment: u64 },
    #[error("payment {payment} could wait until {expires} only")]
    PaymentExpired { payment: u64, expires: Timestamp },
    #[error("payment {payment} may wait until {expires}")]
    PaymentWaiting { payment: u64, expires: Timestamp },
    #[error("{member} has signed payment {payment} already")]
    AlreadySigned { member: String, payment: u64 },
    #[error("this is {found}, not {expected}")]
    WrongContract { found: String, expected: String },
    #[error("version {found} is newer than {own}, or no version")]
    WrongVersion { found: String, own: String },
}
