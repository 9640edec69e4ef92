//! Which denominations may be sent.

use iz_core::{Coins, Context, Error, Result, stores};
use iz_proto::cosmos::bank::v1beta1::{Params, SendEnabled};
use iz_store::KeyRange;

use super::{errors, keys};

/// Parameters without the list of denominations, which the SDK keeps apart since long.
#[must_use]
pub fn with_default(default_send_enabled: bool) -> Params {
    Params { default_send_enabled, ..Params::default() }
}

#[expect(deprecated, reason = "the field is still on the wire, and refused")]
pub fn validate(params: &Params) -> Result<()> {
    if params.send_enabled.is_empty() {
        return Ok(());
    }
    Err(Error::plain("use of send_enabled in params is no longer supported"))
}

/// The entries that params still may carry in genesis.
#[expect(deprecated, reason = "old genesis files have entries there")]
#[must_use]
pub fn legacy_entries(params: &Params) -> &[SendEnabled] {
    &params.send_enabled
}

pub fn get(context: &mut Context) -> Result<Params> {
    Ok(context.get_message(stores::BANK, keys::PARAMS)?.unwrap_or_default())
}

/// `SetParams`: entries that params carry move to their own place.
pub fn set(context: &mut Context, params: &Params) -> Result<()> {
    for entry in legacy_entries(params) {
        set_send_enabled(context, entry)?;
    }
    context.set_message(stores::BANK, keys::PARAMS.to_vec(), &with_default(params.default_send_enabled))
}

pub fn set_send_enabled(context: &mut Context, entry: &SendEnabled) -> Result<()> {
    context.set_message(stores::BANK, keys::send_enabled(&entry.denom), &entry.enabled)
}

/// Sending this denomination follows the default again.
pub fn delete_send_enabled(context: &mut Context, denom: &str) -> Result<()> {
    context.delete(stores::BANK, keys::send_enabled(denom))
}

/// Whether sending was set for this denomination, and how.
pub fn send_enabled(context: &mut Context, denom: &str) -> Result<Option<bool>> {
    let key = keys::send_enabled(denom);
    if !context.has(stores::BANK, &key)? {
        return Ok(None);
    }
    context.get_message(stores::BANK, &key)
}

/// `IsSendEnabledCoins`.
pub fn require_send_enabled(context: &mut Context, coins: &Coins) -> Result<()> {
    if coins.is_empty() {
        return Ok(());
    }
    let default = get(context)?.default_send_enabled;
    for coin in coins {
        if !send_enabled(context, &coin.denom)?.unwrap_or(default) {
            return Err(
                errors::SEND_DISABLED.wrap(format!("{} transfers are currently disabled", coin.denom))
            );
        }
    }
    Ok(())
}

/// Every entry, by denomination.
pub fn all_send_enabled(context: &mut Context) -> Result<Vec<SendEnabled>> {
    let entries = context.collect(stores::BANK, KeyRange::prefix(keys::SEND_ENABLED.to_vec()))?;
    entries.iter().map(|(key, value)| entry(&key[keys::SEND_ENABLED.len()..], value)).collect()
}

/// An entry from the rest of its key and its value.
pub fn entry(denom: &[u8], value: &[u8]) -> Result<SendEnabled> {
    let damaged = || Error::panic("bank: an entry of the store is damaged");
    let denom = String::from_utf8(denom.to_vec()).map_err(|_| damaged())?;
    let enabled = <bool as prost::Message>::decode(value).map_err(|_| damaged())?;
    Ok(SendEnabled { denom, enabled })
}
