//! Why the machine refuses. Nothing has changed when it does.

use crate::{Phase, VoidReason};
use thiserror::Error;

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RoundError {
    #[error("the round is in phase {actual:?}, this belongs to {expected:?}")]
    WrongPhase { expected: Phase, actual: Phase },
    #[error("the deadline {deadline} has passed at {now}; the round has to be advanced")]
    DeadlinePassed { deadline: u64, now: u64 },
    #[error("the phase {phase:?} lasts until {deadline}, it is {now}")]
    TooEarly { phase: Phase, deadline: u64, now: u64 },
    #[error("all {maximum} seats for clients are taken")]
    Full { maximum: u16 },
    #[error("client {index} has submitted already")]
    AlreadySubmitted { index: u8 },
    #[error("there is no client {index}")]
    NoSuchClient { index: u16 },
    #[error("the bitmap names clients who did not submit")]
    UnknownClients,
    #[error("there is no seat {seat} on a committee of {seats}")]
    NoSuchSeat { seat: u8, seats: u8 },
    #[error("seat {seat} has done this already")]
    AlreadyDone { seat: u8 },
    #[error("the sum is over another set of clients than the one that was fixed")]
    OtherSet,
    #[error("expected {expected} scores, one a group, got {actual}")]
    WrongScores { expected: usize, actual: usize },
    #[error("the score {value} is above {maximum}")]
    ScoreTooHigh { value: u32, maximum: u32 },
    #[error("seat {seat} did not commit to scores")]
    NotCommitted { seat: u8 },
    #[error("what was opened is not what was committed to")]
    CommitmentMismatch,
    #[error("the round is over: {phase:?} {reason:?}")]
    Over { phase: Phase, reason: Option<VoidReason> },
    #[error("the parameters are refused: {reason}")]
    Parameters { reason: &'static str },
    #[error("the time {time} is beyond what can be counted")]
    TimeOverflow { time: u64 },
    #[error("{0}")]
    Draw(#[from] crate::draw::DrawError),
}
