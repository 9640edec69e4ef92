//! One client's training in one round, and what it may cost in privacy.

pub mod noise;
pub mod private;
pub mod sgd;

use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use tch::Tensor;

use crate::Error;

/// What a local step does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    pub epochs: u32,
    pub batch: u32,
    pub learning_rate: f32,
    /// Of scores, by the share of each class: [`iz_round::class_offsets`].
    pub calibration: f32,
}

/// More than this is a mistake, or somebody's attempt to keep a device busy for ever.
const MAX_EPOCHS: u32 = 10_000;

impl Settings {
    pub fn check(&self) -> Result<(), Error> {
        if self.epochs == 0 || self.epochs > MAX_EPOCHS {
            return Err(Error::Task("it asks for no epoch, or for more than 10,000"));
        }
        if self.batch == 0 {
            return Err(Error::Task("a batch has no examples"));
        }
        if !self.learning_rate.is_finite() || self.learning_rate <= 0.0 {
            return Err(Error::Task("the learning rate is no positive number"));
        }
        if !self.calibration.is_finite() || self.calibration < 0.0 {
            return Err(Error::Task("the calibration is below zero or no number"));
        }
        Ok(())
    }
}

/// The random source for one purpose.
fn stream(seed: &[u8; 32], purpose: u64) -> ChaCha20Rng {
    let mut random = ChaCha20Rng::from_seed(*seed);
    random.set_stream(purpose);
    random
}

fn number(tensor: &Tensor) -> Result<f64, Error> {
    Ok(tensor.f_double_value(&[])?)
}
