//! Step 7: no extension option is known, so any critical one is refused.

use iz_core::{Result, errors::sdk};

use super::Ante;

pub(super) fn run(ante: &Ante<'_>) -> Result<()> {
    if ante.tx.body.extension_options.is_empty() {
        Ok(())
    } else {
        Err((&sdk::UNKNOWN_EXTENSION_OPTIONS).into())
    }
}
