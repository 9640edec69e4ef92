//! A chain with the project's contracts on it, for tests of one contract among others.
//!
//! `Commons` has merit, the quadratic DAO and the constitution, bound to each other as on a real chain. It is for tests only: what
//! goes wrong panics. `steps` says how long a random walk is.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod commons;
mod journal;
mod voting;
mod walk;

pub use commons::{BOND, Commons, DAY, DENOM, Setup};
pub use journal::Journal;
pub use voting::{no, refusal, seal, yes};
pub use walk::{setting, steps};
