//! The registry from outside: every message, its invariants against a naive model, and attacks by name.

#![allow(clippy::unwrap_used)]

mod attack_wrappers_dodge_royalties;
mod attacks_on_sales_and_transfers;
mod every_message_refuses_what_is_wrong;
mod fixture;
mod income_is_conserved_exactly;
mod lineage_is_bounded;
mod tokens_move_as_cw721_says;
