//! The mechanisms that the accountant knows, and what one step of them loses in each direction.

use super::{AccountantError, continuous, discrete, loss::LossDistribution};
use crate::Rational;

/// One randomised step on a person's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mechanism {
    /// Gaussian noise on a sum of sensitivity one, over a Poisson sample.
    Gaussian {
        /// The standard deviation of the noise over the sensitivity.
        noise_multiplier: Rational,
        /// The probability with which a record takes part.
        sampling: Rational,
    },
    /// Discrete Gaussian noise on an integer sum, over a Poisson sample. One number, not a vector: for vectors see `concentrated`.
    DiscreteGaussian {
        /// The parameter σ² of the noise.
        variance: Rational,
        /// By how much one record changes the sum at most.
        sensitivity: u32,
        /// The probability with which a record takes part.
        sampling: Rational,
    },
}

/// A mechanism used a number of times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    pub mechanism: Mechanism,
    pub count: u64,
}

/// Which of two neighbouring data sets the loss is seen from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The observed data set holds the record, its neighbour does not.
    Remove,
    /// The neighbour holds the record.
    Add,
}

/// A rough picture of one step's loss: pairs of loss and logarithm of its probability, good for choosing a tilt and a grid, never for a bound.
pub(super) struct Sketch {
    pub points: Vec<(f64, f64)>,
    pub lowest: f64,
    pub highest: f64,
}

impl Mechanism {
    /// Refuses parameters for which the loss is not defined.
    pub fn check(&self) -> Result<(), AccountantError> {
        let (noise, sampling) = match *self {
            Self::Gaussian { noise_multiplier, sampling } => (noise_multiplier, sampling),
            Self::DiscreteGaussian { variance, sampling, sensitivity } => {
                if sensitivity == 0 {
                    return Err(AccountantError::NoNoise(
                        "a sensitivity of zero loses nothing and is a mistake",
                    ));
                }
                (variance, sampling)
            }
        };
        if noise.is_zero() {
            return Err(AccountantError::NoNoise("its standard deviation is zero"));
        }
        if sampling > Rational::ONE {
            return Err(AccountantError::Sampling(sampling));
        }
        Ok(())
    }

    /// The probability with which a record takes part.
    #[must_use]
    pub const fn sampling(&self) -> Rational {
        match *self {
            Self::Gaussian { sampling, .. } | Self::DiscreteGaussian { sampling, .. } => sampling,
        }
    }

    pub(super) fn sketch(&self, direction: Direction, tail: f64) -> Result<Sketch, AccountantError> {
        match *self {
            Self::Gaussian { noise_multiplier, sampling } => {
                continuous::Pair::new(noise_multiplier, sampling, direction, tail).map(|pair| pair.sketch())
            }
            Self::DiscreteGaussian { variance, sensitivity, sampling } => {
                discrete::Pair::new(variance, sensitivity, sampling, direction, tail)
                    .map(|pair| pair.sketch())
            }
        }
    }

    pub(super) fn on_grid(
        &self,
        direction: Direction,
        tail: f64,
        step: f64,
    ) -> Result<LossDistribution, AccountantError> {
        match *self {
            Self::Gaussian { noise_multiplier, sampling } => {
                continuous::Pair::new(noise_multiplier, sampling, direction, tail)
                    .map(|pair| pair.on_grid(step))
            }
            Self::DiscreteGaussian { variance, sensitivity, sampling } => {
                discrete::Pair::new(variance, sensitivity, sampling, direction, tail)
                    .map(|pair| pair.on_grid(step))
            }
        }
    }
}
