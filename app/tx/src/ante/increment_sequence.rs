//! Step 17: every signer's sequence goes up, so that the transaction cannot run again.

use iz_core::{Context, Error, Result};
use iz_modules::auth::keeper;

use super::Ante;

pub(super) fn run(ante: &Ante<'_>, context: &mut Context) -> Result<()> {
    for signer in ante.tx.signers()? {
        let Some(mut account) = keeper::account(context, signer)? else {
            return Err(Error::panic("runtime error: invalid memory address or nil pointer dereference"));
        };
        account.base.sequence = account.sequence().wrapping_add(1);
        keeper::set_account(context, signer, &account)?;
    }
    Ok(())
}
