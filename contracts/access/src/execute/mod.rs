//! The messages, one file each; those of one concept share.

pub mod admin;
pub mod balance;
pub mod cancel;
pub mod consume;
pub mod crank;
pub mod donate;
pub mod key;
pub mod plan;
pub mod subscribe;
