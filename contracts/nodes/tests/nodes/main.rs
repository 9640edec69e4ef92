//! The contract in a chain that is simulated; after every message its books are compared with its balance.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod attacks;
mod bonds_enter_and_leave;
mod books_balance_whatever_happens;
mod cells_share_the_pool;
mod fixture;
mod insurance_pays_what_it_has;
mod jobs_pay_and_count;
mod parameters_are_the_admins;
mod slashing_takes_and_splits;
