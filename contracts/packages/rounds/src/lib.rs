//! A federated round as a pure state machine. It knows neither CosmWasm nor tensors: time, beacon values and what members posted
//! come in as arguments, and what follows from them comes out. The contract `rounds` stores its parts, the trainer runs the same
//! code to know what the chain will say next.
//!
//! The way of a round: [`phase::Phase`] in order, [`machine::Round`] moving through it, with [`draw`] (who sits on the committee),
//! [`witness`] (whose uploads count), [`groups`] (who is summed with whom), [`score`] (what the evaluators agree on) and
//! [`credit`] (what a member earned).

pub mod beacon;
pub mod bitmap;
pub mod credit;
pub mod digest;
pub mod draw;
pub mod error;
pub mod field;
pub mod groups;
pub mod keys;
pub mod machine;
pub mod parameters;
pub mod phase;
pub mod quorum;
pub mod score;
pub mod witness;

pub use bitmap::Bitmap;
pub use digest::Digest;
pub use error::RoundError;
pub use machine::{Roll, Round};
pub use parameters::{Durations, Gates, Parameters};
pub use phase::{Phase, VoidReason};
