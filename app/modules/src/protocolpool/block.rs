//! At the beginning of a block: every so many blocks the escrow is emptied.

use iz_core::{Context, Error, Result};

use super::keeper;

pub fn begin(context: &mut Context) -> Result<()> {
    let frequency = keeper::params(context)?.distribution_frequency;
    let height = context.height().cast_unsigned();
    let due =
        height.checked_rem(frequency).ok_or_else(|| Error::panic("runtime error: integer divide by zero"))?;
    if due == 0 { keeper::distribute_funds(context) } else { Ok(()) }
}
