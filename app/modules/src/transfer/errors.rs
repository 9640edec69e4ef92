//! Errors of token transfer.

use iz_core::Registered;

use super::NAME;

pub static INVALID_DENOM: Registered =
    Registered::new(NAME, 3, "invalid denomination for cross-chain transfer");
pub static INVALID_AMOUNT: Registered = Registered::new(NAME, 5, "invalid token amount");
pub static DENOM_NOT_FOUND: Registered = Registered::new(NAME, 6, "denomination not found");
pub static SEND_DISABLED: Registered =
    Registered::new(NAME, 7, "fungible token transfers from this chain are disabled");
pub static INVALID_MEMO: Registered = Registered::new(NAME, 11, "invalid memo");
