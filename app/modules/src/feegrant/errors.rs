//! Errors of the feegrant module.

use iz_core::Registered;

use super::NAME;

pub static FEE_LIMIT_EXCEEDED: Registered = Registered::new(NAME, 2, "fee limit exceeded");
pub static FEE_LIMIT_EXPIRED: Registered = Registered::new(NAME, 3, "fee allowance expired");
pub static INVALID_DURATION: Registered = Registered::new(NAME, 4, "invalid duration");
pub static NO_ALLOWANCE: Registered = Registered::new(NAME, 5, "no allowance");
pub static NO_MESSAGES: Registered = Registered::new(NAME, 6, "allowed messages are empty");
pub static MESSAGE_NOT_ALLOWED: Registered = Registered::new(NAME, 7, "message not allowed");
