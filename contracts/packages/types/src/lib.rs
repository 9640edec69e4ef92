//! The messages and answers of every contract, one module a contract, so that contracts call each other without depending on
//! each other's code.

pub mod access;
pub mod ainft;
pub mod asset;
pub mod constitution;
pub mod index_oracle;
pub mod keys;
pub mod merit;
pub mod nodes;
pub mod payment;
pub mod quadratic_dao;
pub mod revenue_router;
pub mod rounds;
pub mod stable_token;
