//! Exact arithmetic that the contracts share: payouts round down, and what was cut off is carried.

pub mod accumulator;
pub mod error;
pub mod parts;
