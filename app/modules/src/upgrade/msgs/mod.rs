//! Messages of the upgrade module.

mod cancel_upgrade;
mod software_upgrade;

pub use iz_proto::cosmos::upgrade::v1beta1::{MsgCancelUpgrade, MsgSoftwareUpgrade};

use iz_core::{Context, Result};

use super::errors;
use crate::module_accounts;

/// Only governance plans upgrades; this module has an error of its own for others.
fn require_authority(context: &Context, authority: &str) -> Result<()> {
    let expected = module_accounts::authority(context);
    if expected == authority {
        return Ok(());
    }
    Err(errors::INVALID_SIGNER.wrap(format!("expected {expected} got {authority}")))
}
