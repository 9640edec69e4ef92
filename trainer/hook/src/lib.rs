//! A learner in another process: the four verbs of a round over local gRPC, whatever framework answers them.

pub mod answers;
mod client;
pub mod messages;
mod server;

pub use client::{HookError, HookLearner, Limits};
pub use server::{ADDRESS, Served, Server, end_with_the_trainer};
