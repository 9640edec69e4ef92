//! Errors of fees.

use iz_core::Registered;

use super::NAME;

pub static INVALID_PARAMS: Registered = Registered::new(NAME, 2, "invalid fee parameters");
pub static DENOM_NOT_ACCEPTED: Registered = Registered::new(NAME, 3, "fee denomination is not accepted");
pub static INVALID_GENESIS: Registered = Registered::new(NAME, 4, "invalid fee genesis");
pub static INFLATION_IS_PINNED: Registered =
    Registered::new(NAME, 5, "the supply of the native coin is fixed");
