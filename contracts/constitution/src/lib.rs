//! The constitution: what a vote may execute, and what nobody may.
//!
//! A message is read (`json`), named by target and key, and looked up in the table (`rules`): what has no line is refused. What it would
//! take out of the treasury (`outflow`) counts against the line's cap. The treasury keeps promises apart from what is free
//! (`treasury`), and the pause of the guardian ends by itself (`pause`).

pub mod contract;
pub mod error;
pub mod execute;
pub mod json;
pub mod outflow;
pub mod pause;
pub mod query;
pub mod rules;
pub mod state;
pub mod treasury;
