//! How much privacy a run of rounds costs.
//!
//! Three accountants stand beside each other. The privacy loss distribution ([`epsilon`]) is the tight one: it follows the whole
//! distribution of the loss, rounds every step of the computation against the person who spends, and so never understates. Rényi
//! ([`renyi`]) and zero-concentrated ([`concentrated`]) accounting are looser, cheaper, and hold for vectors of discrete Gaussian
//! noise summed from shares, where no exact distribution of the loss is known.
//!
//! The way of a computation: `mechanism` lays the loss of one step on a grid → `compose` tilts it, raises it to the number of steps
//! by a Fourier transform, undoes the tilt, and reads ε off the sum.

mod compose;
pub mod concentrated;
mod continuous;
mod discrete;
mod fourier;
mod loss;
mod mechanism;
pub mod renyi;

pub use compose::{delta, epsilon};
pub use mechanism::{Direction, Event, Mechanism};

/// Why a privacy cost cannot be computed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountantError {
    #[error("the noise is zero or so small that the loss has no bound: {0}")]
    NoNoise(&'static str),
    #[error("the sampling probability {0} is above one")]
    Sampling(crate::Rational),
    #[error("delta is {0}, which is not between zero and one")]
    Delta(crate::Rational),
    #[error("epsilon is negative or not a number")]
    Epsilon,
    #[error("the mechanism needs more points than the accountant holds: {0}")]
    TooFine(&'static str),
    #[error("no bound holds for these parameters: {0}")]
    Unbounded(&'static str),
}

/// Half the distance from one to the next double: the relative error of one rounded operation.
pub(crate) const UNIT: f64 = f64::EPSILON / 2.0;
