//! Rounds as lists of operations, over many clients in one process: who does what when, and what goes wrong.
//!
//! The chain here is the pure machine of `contracts/packages/rounds` behind the messages of the contract; the roles are those of
//! `trainer/round`, line for line what runs beside a real chain. Everything follows from a seed, so a failure is repeated by its seed.

#![allow(clippy::expect_used, reason = "a simulation that cannot go on has failed")]

pub mod account;
pub mod attack;
pub mod chain;
pub mod data;
pub mod fault;
pub mod roles;
pub mod scenario;
pub mod softmax;
pub mod world;

pub use chain::Chain;
pub use fault::{Fault, Operation, Who};
pub use scenario::{Outcome, Scenario};
pub use world::{FEATURES, World, run};
