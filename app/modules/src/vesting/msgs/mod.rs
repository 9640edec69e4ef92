//! Messages that make accounts whose coins unlock over time.

mod create_periodic_vesting_account;
mod create_permanent_locked_account;
mod create_vesting_account;
