//! Tests across the contracts are in `tests/`; here is what their simulations draw with.

pub mod plot;
