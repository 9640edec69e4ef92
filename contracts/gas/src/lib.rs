//! Every contract's Wasm under the same scenario: on the machine alone, where each message's gas is measured, and on two chains that have to agree.
//!
//! Tools, not consensus code: clocks, threads and the file system are allowed.
#![allow(clippy::disallowed_types, reason = "a tool that runs processes")]

pub mod book;
pub mod chains;
pub mod goals;
pub mod ground;
pub mod keys;
pub mod memory;
pub mod network;
pub mod scenario;
pub mod terms;
