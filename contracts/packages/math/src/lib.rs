//! Exact arithmetic that the contracts share: payouts round down, and what was cut off is carried.

pub mod accumulator;
pub mod error;
pub mod mul_div;
pub mod parts;
pub mod product_sum;
pub mod token_bucket;

pub use mul_div::{BPS, bps_ceil, bps_floor, mul_div_ceil, mul_div_floor};
