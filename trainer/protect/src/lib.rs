//! Protects an update before it leaves the device.
//!
//! The way of an update through this crate: it is clipped, quantised to integers, given its share of the noise and masked, so that
//! what is sent says nothing alone, while the sum over all clients says what training needs. The accountant says how much of a
//! person's privacy a run of rounds costs, and the budget refuses to spend more than a lifetime allows.

pub mod accountant;
pub mod budget;
pub mod clip;
pub mod mask;
pub mod noise;
pub mod quantise;
pub mod rational;

pub use rational::Rational;
