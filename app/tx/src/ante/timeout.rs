//! Step 9: transactions that ask not to run after a height or a time.

use iz_core::{Context, Result, Timestamp, errors::sdk};

use super::Ante;

pub(super) fn run(ante: &Ante<'_>, context: &Context) -> Result<()> {
    let (height, timeout) = (context.height(), ante.tx.body.timeout_height);
    if timeout > 0 && u64::try_from(height).is_ok_and(|height| height > timeout) {
        return Err(sdk::TX_TIMEOUT_HEIGHT.wrap(format!("block height: {height}, timeout height: {timeout}")));
    }
    let Some(timeout) = ante.tx.body.timeout_timestamp.as_ref().map(Timestamp::from) else { return Ok(()) };
    let time = context.time();
    if !timeout.is_zero() && timeout.seconds != 0 && timeout < time {
        let (time, timeout) = (time.go_string(), timeout.go_string());
        return Err(sdk::TX_TIMEOUT.wrap(format!("block time: {time}, timeout timestamp: {timeout}")));
    }
    Ok(())
}
