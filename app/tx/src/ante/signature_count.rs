//! Step 14: not too many keys.

use iz_core::{Context, Result, errors::sdk};
use iz_modules::auth::keeper;

use super::Ante;

pub(super) fn run(ante: &Ante<'_>, context: &mut Context) -> Result<()> {
    let limit = keeper::params(context)?.tx_sig_limit;
    let mut count = 0_u64;
    for key in ante.tx.keys.iter().flatten() {
        count += key.count() as u64;
        if count > limit {
            return Err(sdk::TOO_MANY_SIGNATURES.wrap(format!("signatures: {count}, limit: {limit}")));
        }
    }
    Ok(())
}
