//! The local step: what happens to data that never leaves the device.
//!
//! The way through this crate: `data` is read and checked → a `model` takes the global weights → `step` trains it, with each example's
//! gradient clipped and noise added where privacy asks for it → `evaluate` says how good weights are. [`LocalLearner`] puts them together
//! behind the four verbs that a round asks for. The only crate that links libtorch, with those built on it.

pub mod data;
mod error;
pub mod evaluate;
pub mod export;
mod learner;
pub mod model;
pub mod step;

pub use error::Error;
pub use learner::{LocalLearner, Secret};
