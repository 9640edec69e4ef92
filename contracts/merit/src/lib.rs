//! Merit: what verified work earns, and the radius of a member's votes.
//!
//! Merit is written in units that grow as the worth of one fades (`clock`), so that all merit fades at one rate without anyone
//! touching it. It passes through two epochs before it counts (`ledger`). Balances are kept by height (`state`), so a vote can ask for them as they were.

pub mod clock;
pub mod contract;
pub mod error;
pub mod execute;
pub mod ledger;
pub mod query;
pub mod state;
