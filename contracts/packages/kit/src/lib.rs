//! What several contracts do alike, with their own words for what goes wrong: each contract's error takes these in.

pub mod keys;
pub mod register;
pub mod reporters;
