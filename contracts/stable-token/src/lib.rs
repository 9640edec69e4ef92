//! ZERO, the stable token: a cw20 whose units aim at an inflation index, and the reserve behind it.
//!
//! `ledger` and `ripening` hold who has what; `reserve` what stands behind it; `books` puts both against the index and says in which mode
//! the money is; `queue` pays redemptions that exceed the flow limit; `backstop` is the junior capital that bears losses first.

mod backstop;
mod books;
pub mod contract;
pub mod error;
mod execute;
mod ledger;
mod parameters;
mod query;
mod queue;
mod reserve;
mod ripening;
pub mod state;
