//! Everything that can be wrong with a message.

use cosmwasm_std::{Decimal, StdError};
use iz_contract_kit::reporters::ReportersError;
use iz_contract_types::index_oracle::Period;
use iz_contract_types::payment::PaymentError;
use thiserror::Error;

#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    #[error(transparent)]
    Std(#[from] StdError),
    #[error(transparent)]
    Reporters(#[from] ReportersError),
    #[error("only the admin may do this")]
    NotAdmin,
    #[error("{0} is not a reporter")]
    NotReporter(String),
    #[error(transparent)]
    Payment(#[from] PaymentError),
    #[error("between 1 and {most} series, each once")]
    BadComponents { most: usize },
    #[error("{0:?} is no name of a series: 1 to 64 letters, digits and . _ -")]
    BadSeries(String),
    #[error("the weights add up to {0} basis points instead of 10000")]
    BadWeights(u32),
    #[error("{0:?} is not a month that can be counted")]
    BadPeriod(Period),
    #[error("every series needs {needed} prints at the start, {series} has {given}")]
    BadHistory { series: String, needed: usize, given: usize },
    #[error("a value of zero")]
    ZeroValue,
    #[error("the hash of a source has 32 bytes")]
    BadSourceHash,
    #[error("{0} is not in the basket")]
    UnknownSeries(String),
    #[error("{series} is at {expected:?}, not {reported:?}")]
    WrongPeriod { series: String, expected: Period, reported: Period },
    #[error("{0:?} is not over yet")]
    PeriodNotOver(Period),
    #[error("this was reported already")]
    Replayed,
    #[error("{series} waits for the admin to confirm {value}")]
    AwaitingConfirmation { series: String, value: Decimal },
    #[error("nothing of {0} is held")]
    NothingHeld(String),
    #[error("{series} has no print for {period:?}, from which the new weights would count")]
    NoPrintAtLink { series: String, period: Period },
    #[error("the basket's level would leave the range of numbers")]
    OutOfRange,
    #[error("nothing is known of that time")]
    BeforeBeginning,
}
