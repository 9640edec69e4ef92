//! The messages, one file each.

pub mod admin;
pub mod app;
pub mod claim;
pub mod crank;
pub mod flush;
pub mod open_job;
pub mod pay_fee;
pub mod weight;
