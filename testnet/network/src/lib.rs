//! A network on one machine: made, started, furnished with contracts, looked at, stopped.

#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "a tool waits, draws keys and looks at the clock; nothing here is consensus code"
)]

pub mod accounts;
pub mod backup;
pub mod beacon;
pub mod client;
pub mod clock;
pub mod deploy;
pub mod faults;
pub mod files;
pub mod genesis;
pub mod http;
pub mod metrics;
pub mod monitoring;
pub mod ports;
pub mod processes;
pub mod run;
pub mod status;
pub mod story;
pub mod tools;
pub mod trainers;
pub mod wire;
