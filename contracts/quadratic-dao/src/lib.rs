//! The quadratic DAO.
//!
//! An epoch begins with a proposal and takes more for a while (`epoch`); then all of them are deliberated, and voted on as options of
//! ballots, one for each line of the constitution's table. A member's votes over all ballots of an epoch lie in a ball whose radius is
//! her merit before the epoch (`account`), so splitting an identity changes nothing; the README has the proof. What wins (`tally`) is executed by the
//! constitution, after a time-lock.

pub mod account;
pub mod config;
pub mod contract;
pub mod epoch;
pub mod error;
pub mod execute;
pub mod query;
pub mod state;
pub mod tally;
