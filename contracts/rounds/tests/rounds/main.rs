//! The contract with the real registry of nodes on a simulated chain.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod a_round_goes_from_enrolment_to_revenue;
mod afterwards;
mod attack_griefing_settlements;
mod attacks;
mod books_balance_whatever_happens;
mod challenges_move_bonds;
mod each_message_has_its_phase_and_sender;
mod fixture;
mod ledger;
mod naive;
mod tasks_are_the_admins;
