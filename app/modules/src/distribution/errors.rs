//! Errors of distribution.

use iz_core::Registered;

use super::NAME;

pub static EMPTY_DELEGATION_INFO: Registered = Registered::new(NAME, 5, "no delegation distribution info");
pub static NO_VALIDATOR_COMMISSION: Registered =
    Registered::new(NAME, 7, "no validator commission to withdraw");
pub static SET_WITHDRAW_ADDRESS_DISABLED: Registered =
    Registered::new(NAME, 8, "set withdraw address disabled");
