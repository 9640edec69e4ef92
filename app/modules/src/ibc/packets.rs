//! Packets on their way out. The chain has neither channels nor clients with counterparties: whoever looks for one pays for the look and
//! finds none.

use iz_core::{Context, Result, stores};

use super::{errors, keys};

/// Looks for a channel that need not be there.
pub fn look_for_channel(context: &mut Context, port: &str, channel: &str) -> Result<()> {
    context.get(stores::IBC, &keys::channel(port, channel)).map(|_| ())
}

/// Looks for a channel that has to be there, and is not.
pub fn require_channel<T>(context: &mut Context, port: &str, channel: &str) -> Result<T> {
    look_for_channel(context, port, channel)?;
    Err(errors::CHANNEL_NOT_FOUND.wrap(format!("port ID ({port}) channel ID ({channel})")))
}

/// `sendPacket` of the second version, as far as it comes.
pub fn send<T>(context: &mut Context, client: &str) -> Result<T> {
    context.get(stores::IBC, &keys::counterparty(client))?;
    let error = errors::COUNTERPARTY_NOT_FOUND.wrap(format!("counterparty not found for client: {client}"));
    Err(error.wrap(format!("send packet failed for source id: {client}")))
}

/// A packet of the second version ends some time.
pub fn require_timeout(timeout: u64) -> Result<()> {
    if timeout == 0 {
        return Err(errors::INVALID_TIMEOUT.wrap("timeout must not be 0"));
    }
    Ok(())
}
