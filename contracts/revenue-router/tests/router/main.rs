//! The router from outside: every message, its invariants against a naive model, and attacks by name.

#![allow(clippy::unwrap_used)]

mod attack_donations_and_dust;
mod attack_fake_callbacks;
mod attack_griefing_claims;
mod attack_malicious_tokens_and_receivers;
mod every_message_refuses_what_is_wrong;
mod fixture;
mod money_is_conserved_exactly;
mod money_reaches_banks_and_tokens;
mod packets_are_credited_again_once;
