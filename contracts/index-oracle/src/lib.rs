//! The index oracle: a basket of inflation series, reported by M of N, turned into a value for every second.
//!
//! A report's way: `execute/report` counts it, `basket` checks and settles the print and completes the month's level, `index` draws the
//! line between levels two and three months old, as inflation-protected treasuries do.

mod basket;
mod calendar;
pub mod contract;
pub mod error;
mod execute;
mod index;
mod query;
pub mod state;
