//! Why a message is refused. Nothing has changed when it is.

use cosmwasm_std::{Coin, OverflowError, StdError, Uint128};
use iz_contract_kit::keys::KeysError;
use iz_contract_types::nodes::Status;
use iz_contract_types::payment::PaymentError;
use iz_rounds_machine::draw::DrawError;
use iz_rounds_machine::{Phase, RoundError};
use thiserror::Error;

#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    #[error(transparent)]
    Std(#[from] StdError),
    #[error(transparent)]
    Overflow(#[from] OverflowError),
    #[error(transparent)]
    Payment(#[from] PaymentError),
    #[error(transparent)]
    Round(#[from] RoundError),
    #[error(transparent)]
    Draw(#[from] DrawError),
    #[error(transparent)]
    Keys(#[from] KeysError),
    #[error("only the admin may do this")]
    NotAdmin,
    #[error("new rounds are paused")]
    Paused,
    #[error("there is no task {task}")]
    UnknownTask { task: u64 },
    #[error("task {task} takes no new rounds")]
    Inactive { task: u64 },
    #[error("round {round} of this task still runs")]
    Running { round: u64 },
    #[error("there is no round {round}")]
    UnknownRound { round: u64 },
    #[error("the task is refused: {reason}")]
    Task { reason: &'static str },
    #[error("the beacon is refused: {reason}")]
    Beacon { reason: &'static str },
    #[error("the signature is not the beacon's for round {round}")]
    WrongBeacon { round: u64 },
    #[error("round {round} waits for no beacon")]
    NoBeaconDue { round: u64 },
    #[error("{owner} has registered no keys")]
    NoKeys { owner: String },
    #[error("{expected} has to come with this")]
    WrongBond { expected: Coin },
    #[error("{address} takes part in round {round} already")]
    AlreadyIn { address: String, round: u64 },
    #[error("{address} is no client of round {round}")]
    NotClient { address: String, round: u64 },
    #[error("{address} has no seat in round {round}")]
    NotMember { address: String, round: u64 },
    #[error("the node is {status:?}")]
    NodeNotActive { status: Status },
    #[error("a bond of {bond} is below {minimum}")]
    BondTooLow { bond: Uint128, minimum: Uint128 },
    #[error("round {round} is still in phase {phase:?}")]
    NotOver { round: u64, phase: Phase },
    #[error("round {round} is not final")]
    NotFinal { round: u64 },
    #[error("1 to {maximum} rounds at a time, not {count}")]
    RoundCount { count: usize, maximum: usize },
    #[error("1 to {maximum} members at a time, not {count}")]
    MemberCount { count: usize, maximum: usize },
    #[error("members are sorted and each is there once: {second} follows {first}")]
    Unsorted { first: String, second: String },
    #[error("nothing is due")]
    NothingDue,
    #[error("{address} has claimed round {round}")]
    AlreadyClaimed { address: String, round: u64 },
    #[error("this was done before")]
    AlreadyDone,
    #[error("{operator} missed no duty of round {round}")]
    NoFault { operator: String, round: u64 },
    #[error("the set of round {round} is not fixed")]
    SetOpen { round: u64 },
    #[error("this is the sum that the member may sign")]
    NoSecondSum,
    #[error("the task publishes no artefacts")]
    NoArtefact,
    #[error("this is {found}, not {expected}")]
    WrongContract { found: String, expected: String },
    #[error("version {found} is newer than {own}")]
    NewerVersion { found: String, own: String },
}
