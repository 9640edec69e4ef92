//! What can go wrong, with the values that made it so.

use cosmwasm_std::{ConversionOverflowError, Decimal, DivideByZeroError, OverflowError, StdError, Uint128};
use cw2::VersionError;
use iz_contract_types::payment::PaymentError;
use thiserror::Error;

#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    #[error(transparent)]
    Std(#[from] StdError),
    #[error(transparent)]
    Overflow(#[from] OverflowError),
    #[error(transparent)]
    DivideByZero(#[from] DivideByZeroError),
    #[error(transparent)]
    Conversion(#[from] ConversionOverflowError),
    #[error(transparent)]
    Version(#[from] VersionError),
    #[error(transparent)]
    Payment(#[from] PaymentError),
    #[error("{sender} is not the constitution")]
    NotAdmin { sender: String },
    #[error("{sender} is not a minter")]
    NotMinter { sender: String },
    #[error("{address} is not a member")]
    NotMember { address: String },
    #[error("{address} is a member already")]
    AlreadyMember { address: String },
    #[error("{applicant} has applied already")]
    AlreadyApplied { applicant: String },
    #[error("{applicant} has not applied")]
    NoApplication { applicant: String },
    #[error("the amount is zero")]
    ZeroAmount,
    #[error("all merit together would exceed 128 bits")]
    SupplyOverflow,
    #[error("a reason has 1 to {most} bytes, not {length}")]
    ReasonLength { length: usize, most: usize },
    #[error("a change of {change_bps} basis points is none, or more than the whole")]
    ChangeOutOfRange { change_bps: i32 },
    #[error("a voucher is at least {least}, not {stake}")]
    VoucherTooSmall { stake: Uint128, least: Uint128 },
    #[error("{free} ripe merit is not at risk yet, {stake} is asked")]
    NotEnoughMerit { stake: Uint128, free: Uint128 },
    #[error("{most} members stand behind this applicant already")]
    TooManyVouchers { most: usize },
    #[error("{member} does not stand behind {applicant}")]
    NoVoucher { member: String, applicant: String },
    #[error("{applicant} is onboarded: the stake is free after probation")]
    AlreadyOnboarded { applicant: String },
    #[error("probation ends with epoch {ends}, it is epoch {epoch}")]
    OnProbation { epoch: u64, ends: u64 },
    #[error("{applicant} was never onboarded by vouchers")]
    NotOnboarded { applicant: String },
    #[error("nobody delegates to themselves")]
    SelfDelegation,
    #[error("an epoch of {seconds} seconds is shorter than a day")]
    EpochTooShort { seconds: u64 },
    #[error("a decay of {decay} an epoch is out of range")]
    DecayOutOfRange { decay: Decimal },
    #[error("a reputation floor of {floor_bps} basis points is not within 1 and 10000")]
    FloorOutOfRange { floor_bps: u16 },
    #[error(
        "the reputation floor cannot rise from {from_bps} to {to_bps}: new identities would stand above old ones"
    )]
    FloorMayNotRise { from_bps: u16, to_bps: u16 },
    #[error("a vouching stake of zero admits everybody")]
    NoVouchingStake,
    #[error("a list of {length} is longer than {most}")]
    ListTooLong { length: usize, most: usize },
    #[error("nobody is credited")]
    NoCredits,
    #[error("members are sorted and each is there once: {second} follows {first}")]
    Unsorted { first: String, second: String },
    #[error("this is {found}, not {expected}")]
    WrongContract { found: String, expected: String },
    #[error("version {found} is newer than {own}, or no version")]
    WrongVersion { found: String, own: String },
}
