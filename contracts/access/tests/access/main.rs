//! Access from outside: every message, its invariants against a naive model, and attacks by name.

#![allow(clippy::unwrap_used)]

mod attack_meters_and_keys;
mod every_message_refuses_what_is_wrong;
mod fixture;
mod money_is_conserved_exactly;
mod periods_are_bought_earned_and_refunded;
