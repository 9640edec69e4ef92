//! Errors of the authz module.

use iz_core::Registered;

use super::NAME;

pub static NO_AUTHORIZATION_FOUND: Registered = Registered::new(NAME, 2, "authorization not found");
pub static INVALID_EXPIRATION_TIME: Registered =
    Registered::new(NAME, 3, "expiration time of authorization should be more than current time");
pub static UNKNOWN_AUTHORIZATION_TYPE: Registered = Registered::new(NAME, 4, "unknown authorization type");
pub static NO_GRANT_KEY_FOUND: Registered = Registered::new(NAME, 5, "grant key not found");
pub static AUTHORIZATION_EXPIRED: Registered = Registered::new(NAME, 6, "authorization expired");
pub static GRANTEE_IS_GRANTER: Registered =
    Registered::new(NAME, 7, "grantee and granter should be different");
pub static NUMBER_OF_SIGNERS: Registered =
    Registered::new(NAME, 9, "authorization can be given to msg with only one signer");
pub static NEGATIVE_MAX_TOKENS: Registered = Registered::new(NAME, 12, "max tokens should be positive");
