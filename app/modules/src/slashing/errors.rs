//! The errors of x/slashing.

use iz_core::Registered;

use super::NAME;

pub static VALIDATOR_JAILED: Registered =
    Registered::new(NAME, 4, "validator still jailed; cannot be unjailed");
pub static VALIDATOR_NOT_JAILED: Registered =
    Registered::new(NAME, 5, "validator not jailed; cannot be unjailed");
pub static SELF_DELEGATION_TOO_LOW_TO_UNJAIL: Registered =
    Registered::new(NAME, 7, "validator's self delegation less than minimum; cannot be unjailed");
pub static NO_SIGNING_INFO_FOUND: Registered = Registered::new(NAME, 8, "no validator signing info found");
pub static VALIDATOR_TOMBSTONED: Registered = Registered::new(NAME, 9, "validator already tombstoned");
