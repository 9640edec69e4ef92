//! Errors of contracts that are needed without the machine too; the others are in `iz-wasm`.

use iz_core::Registered;

use super::NAME;

pub static EMPTY: Registered = Registered::new(NAME, 12, "empty");
pub static INVALID: Registered = Registered::new(NAME, 14, "invalid");
pub static DUPLICATE: Registered = Registered::new(NAME, 15, "duplicate");
