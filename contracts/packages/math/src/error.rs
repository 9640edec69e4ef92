//! What can go wrong in exact arithmetic: a number does not fit.

use cosmwasm_std::{ConversionOverflowError, DivideByZeroError, OverflowError};
use thiserror::Error;

#[derive(Error, Debug, PartialEq, Eq)]
pub enum MathError {
    #[error(transparent)]
    Overflow(#[from] OverflowError),
    #[error(transparent)]
    Conversion(#[from] ConversionOverflowError),
    #[error(transparent)]
    DivideByZero(#[from] DivideByZeroError),
}
