//! What the node is tested with: keys and signatures, a seeded corpus of blocks, an ABCI client, and the comparison of two applications.
//!
//! Nothing here runs in consensus: clocks and the network are allowed.
#![allow(clippy::disallowed_types, reason = "timeouts and timings; no consensus code in this crate")]

pub mod abci;
pub mod amino;
pub mod application;
pub mod bench;
pub mod bench_contracts;
pub mod bench_token;
pub mod chain;
pub mod compare;
pub mod corpus;
pub mod crash;
pub mod descriptors;
pub mod dice;
pub mod enlarge;
pub mod exchange;
pub mod export;
pub mod fuzz;
pub mod genesis;
pub mod keys;
pub mod load;
pub mod network;
pub mod node;
pub mod rebirth;
pub mod recording;
pub mod report;
pub mod responsiveness;
pub mod run;
pub mod stores;
pub mod transaction;
pub mod wire;
