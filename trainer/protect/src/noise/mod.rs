//! Discrete Gaussian noise, drawn exactly, and how much of it each client adds.

mod exact;
mod shares;

pub use exact::{NoiseError, fill};
pub use shares::{NoisePlan, NoiseShares};
