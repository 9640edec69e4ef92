//! A learner in another process: the four verbs of a round over local gRPC, whatever framework answers them.

mod client;
pub mod messages;

pub use client::{HookError, HookLearner, Limits};
