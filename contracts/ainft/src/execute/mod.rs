//! The messages, one file each; those of one concept share.

pub mod admin;
pub mod approve;
pub mod attest;
pub mod fund;
pub mod new_version;
pub mod register;
pub mod sale;
pub mod settle;
pub mod transfer;
pub mod withdraw;
