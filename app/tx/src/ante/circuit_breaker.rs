//! Step 6: message kinds that governance switched off. (Steps 4 and 5 of wasmd only put values into its context.)

use iz_core::{Context, Error, Result};
use iz_modules::circuit;

use super::Ante;

pub(super) fn run(ante: &Ante<'_>, context: &mut Context) -> Result<()> {
    for message in &ante.tx.messages {
        if !circuit::is_allowed(context, &message.type_url)? {
            return Err(Error::plain("tx type not allowed"));
        }
    }
    Ok(())
}
