//! Errors of the upgrade module.

use iz_core::Registered;

use super::NAME;

pub static NO_MODULE_VERSION_FOUND: Registered = Registered::new(NAME, 2, "module version not found");
pub static NO_UPGRADE_PLAN_FOUND: Registered = Registered::new(NAME, 3, "upgrade plan not found");
pub static NO_UPGRADED_CLIENT_FOUND: Registered = Registered::new(NAME, 4, "upgraded client not found");
pub static NO_UPGRADED_CONSENSUS_STATE_FOUND: Registered =
    Registered::new(NAME, 5, "upgraded consensus state not found");
pub static INVALID_SIGNER: Registered =
    Registered::new(NAME, 6, "expected authority account as only signer for proposal message");
