//! Why there is no answer: whose fault it is, and where.

use iz_round::{LearnError, WeightsError};

use crate::data::DataError;

/// What goes wrong in a local step. Data and weights are as they were before.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Data(#[from] DataError),
    #[error("the weights are refused: {0}")]
    Weights(#[from] WeightsError),
    #[error("the weights have another layout than the model")]
    Layout,
    #[error("no model can be built like this: {0}")]
    Architecture(&'static str),
    #[error("the task cannot be followed: {0}")]
    Task(&'static str),
    #[error("{0} is not a number or infinite")]
    NotFinite(&'static str),
    #[error("the data do not fit the model: {0}")]
    Mismatch(&'static str),
    #[error("libtorch: {0}")]
    Torch(#[from] tch::TchError),
}

impl From<iz_onnx::NoTensor> for Error {
    fn from(_: iz_onnx::NoTensor) -> Self {
        Self::Layout
    }
}

impl From<Error> for LearnError {
    fn from(error: Error) -> Self {
        match error {
            Error::Data(fault) => Self::BadData { place: fault.place(), reason: fault.to_string() },
            Error::Weights(fault) => Self::Weights(fault),
            Error::Layout => Self::LayoutMismatch,
            Error::Task(reason) => Self::Task(reason.into()),
            Error::NotFinite(what) => Self::NotFinite { what: what.into() },
            Error::Architecture(_) | Error::Mismatch(_) | Error::Torch(_) => Self::Foreign(error.to_string()),
        }
    }
}
