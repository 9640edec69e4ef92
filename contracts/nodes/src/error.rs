//! Why a message is refused. Nothing has changed when it is.

use cosmwasm_std::{
    CheckedMultiplyRatioError, ConversionOverflowError, DivideByZeroError, OverflowError, StdError, Uint128,
};
use iz_contract_kit::keys::KeysError;
use iz_contract_types::nodes::{JobStatus, Role, Status};
use iz_contract_types::payment::PaymentError;
use thiserror::Error;

#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    #[error(transparent)]
    Std(#[from] StdError),
    #[error(transparent)]
    Overflow(#[from] OverflowError),
    #[error(transparent)]
    Ratio(#[from] CheckedMultiplyRatioError),
    #[error(transparent)]
    Conversion(#[from] ConversionOverflowError),
    #[error(transparent)]
    DivideByZero(#[from] DivideByZeroError),
    #[error(transparent)]
    Payment(#[from] PaymentError),
    #[error("only the admin may do this")]
    NotAdmin,
    #[error("the sender is not {role:?}")]
    MissingRole { role: Role },
    #[error("{found} is not what is paid with here")]
    WrongAsset { found: String },
    #[error("there is no node of {operator}")]
    UnknownNode { operator: String },
    #[error("{operator} is registered already")]
    AlreadyRegistered { operator: String },
    #[error("the node is {status:?}")]
    NotActive { status: Status },
    #[error("a bond of {bond} is below {minimum}")]
    BondTooLow { bond: Uint128, minimum: Uint128 },
    #[error("at most {maximum} amounts unbond at a time")]
    TooManyUnbonding { maximum: usize },
    #[error("nothing is due")]
    NothingDue,
    #[error(transparent)]
    Keys(#[from] KeysError),
    #[error("the report is of {at}; it has to be after {after} and not after {now}")]
    StaleReport { at: u64, after: u64, now: u64 },
    #[error("the machine is too small for every class")]
    NoClass,
    #[error("there is no class {class}")]
    UnknownClass { class: String },
    #[error("at most {maximum} classes")]
    TooManyClasses { maximum: u32 },
    #[error("no node of class {class} can be given the job")]
    NoNode { class: String },
    #[error("the node is of another class than {class}")]
    OtherClass { class: String },
    #[error("a payer cannot hire its own node")]
    OwnNode,
    #[error("{what} has to be between {least} and {most}, not {value}")]
    OutOfRange { what: &'static str, value: u64, least: u64, most: u64 },
    #[error("there is no job {job}")]
    UnknownJob { job: u64 },
    #[error("the job is {status:?}")]
    WrongStatus { status: JobStatus },
    #[error("only the {who} of the job may do this")]
    NotParty { who: &'static str },
    #[error("an assessor cannot decide in its own case")]
    OwnCase,
    #[error("it is {now}, this ended at {deadline}")]
    TooLate { now: u64, deadline: u64 },
    #[error("it is {now}, this begins at {at}")]
    TooEarly { now: u64, at: u64 },
    #[error("the observer placed this node in this epoch already")]
    AlreadyObserved,
    #[error("1 to {maximum} epochs at a time, not {count}")]
    EpochCount { count: usize, maximum: usize },
    #[error("epoch {epoch} is not over")]
    EpochOpen { epoch: u64 },
    #[error("nothing is to be claimed of epoch {epoch}")]
    NothingInEpoch { epoch: u64 },
    #[error("what nobody claimed of epoch {epoch} went back to the pool")]
    EpochSwept { epoch: u64 },
    #[error("a loss of {loss} is above {most}")]
    LossTooHigh { loss: Uint128, most: Uint128 },
    #[error("the job gives no ground for a claim")]
    NoGround,
    #[error("the claim was filed, decided or paid already")]
    ClaimState,
    #[error("there is no claim for job {job}")]
    UnknownClaim { job: u64 },
    #[error("the claims of epoch {epoch} come first")]
    EarlierClaims { epoch: u64 },
    #[error("the claims of epoch {epoch} are not settled")]
    ClaimsOpen { epoch: u64 },
    #[error("terms: {reason}")]
    Terms { reason: &'static str },
    #[error("a weight of {weight} is beyond what a cell can hold")]
    WeightTooLarge { weight: Uint128 },
    #[error("this is {found}, not {expected}")]
    WrongContract { found: String, expected: String },
    #[error("version {found} is newer than {own}")]
    NewerVersion { found: String, own: String },
}
