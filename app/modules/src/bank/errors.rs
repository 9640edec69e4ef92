//! Errors of the bank module.

use iz_core::Registered;

use super::NAME;

pub static NO_INPUTS: Registered = Registered::new(NAME, 2, "no inputs to send transaction");
pub static NO_OUTPUTS: Registered = Registered::new(NAME, 3, "no outputs to send transaction");
pub static INPUT_OUTPUT_MISMATCH: Registered = Registered::new(NAME, 4, "sum inputs != sum outputs");
pub static SEND_DISABLED: Registered = Registered::new(NAME, 5, "send transactions are disabled");
pub static MULTIPLE_SENDERS: Registered = Registered::new(NAME, 9, "multiple senders not allowed");
