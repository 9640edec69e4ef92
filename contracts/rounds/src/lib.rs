//! Federated rounds, from enrolment to merit. The rules are those of the pure machine `iz_rounds_machine`; this contract keeps its
//! parts, checks who sends what, and calls the contracts around it.

pub mod beacon;
pub mod contract;
pub mod earned;
pub mod error;
pub mod execute;
pub mod query;
pub mod state;
