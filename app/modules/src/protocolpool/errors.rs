//! Errors of the community pool.

use iz_core::Registered;

use super::NAME;

pub static INVALID_SIGNER: Registered =
    Registered::new(NAME, 2, "expected authority account as only signer for community pool spend message");
