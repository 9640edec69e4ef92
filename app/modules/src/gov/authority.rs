//! The check that only governance does something, in the words most modules of the SDK have for it.

use iz_core::{Context, Result};

use super::errors;
use crate::module_accounts;

/// Refuses an `authority` that is not the account of governance. The texts are compared as they are, as Go does.
pub fn require(context: &Context, authority: &str) -> Result<()> {
    let expected = module_accounts::authority(context);
    if expected == authority {
        return Ok(());
    }
    Err(errors::INVALID_SIGNER.wrap(format!("invalid authority; expected {expected}, got {authority}")))
}
