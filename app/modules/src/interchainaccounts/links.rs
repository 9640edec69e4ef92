//! Ports, channels and accounts, which controller and host remember in the same form.

use iz_core::{Context, Error, Result};
use iz_proto::ibc::applications::interchain_accounts::genesis::v1::{
    ActiveChannel, RegisteredInterchainAccount,
};
use iz_store::{KeyRange, StoreKey};

use super::keys;

/// Marks a port that the module is bound to.
const BOUND: u8 = 1;
const MIDDLEWARE_ON: u8 = 1;
const MIDDLEWARE_OFF: u8 = 2;

pub fn set_port(context: &mut Context, store: StoreKey, port: &str) -> Result<()> {
    context.set(store, keys::port(port), vec![BOUND])
}

pub fn set_active_channel(context: &mut Context, store: StoreKey, channel: &ActiveChannel) -> Result<()> {
    let key = keys::active_channel(&channel.port_id, &channel.connection_id);
    context.set(store, key, channel.channel_id.as_bytes().to_vec())
}

pub fn set_middleware(context: &mut Context, store: StoreKey, channel: &ActiveChannel) -> Result<()> {
    let flag = if channel.is_middleware_enabled { MIDDLEWARE_ON } else { MIDDLEWARE_OFF };
    context.set(store, keys::middleware(&channel.port_id, &channel.connection_id), vec![flag])
}

pub fn set_account(
    context: &mut Context,
    store: StoreKey,
    account: &RegisteredInterchainAccount,
) -> Result<()> {
    let key = keys::owner(&account.port_id, &account.connection_id);
    context.set(store, key, account.account_address.as_bytes().to_vec())
}

pub fn ports(context: &mut Context, store: StoreKey) -> Result<Vec<String>> {
    let entries = entries(context, store, keys::PORTS)?;
    Ok(entries.into_iter().map(|(port, _)| port).collect())
}

pub fn active_channels(context: &mut Context, store: StoreKey) -> Result<Vec<ActiveChannel>> {
    let mut channels = Vec::new();
    for (place, channel_id) in entries(context, store, keys::ACTIVE_CHANNELS)? {
        let (port_id, connection_id) = split(&place)?;
        let flag = context.get(store, &keys::middleware(&port_id, &connection_id))?;
        let is_middleware_enabled = flag.is_some_and(|flag| flag[..] == [MIDDLEWARE_ON]);
        channels.push(ActiveChannel { connection_id, port_id, channel_id, is_middleware_enabled });
    }
    Ok(channels)
}

pub fn accounts(context: &mut Context, store: StoreKey) -> Result<Vec<RegisteredInterchainAccount>> {
    let account = |(place, account_address): (String, String)| {
        let (port_id, connection_id) = split(&place)?;
        Ok(RegisteredInterchainAccount { connection_id, port_id, account_address })
    };
    entries(context, store, keys::OWNERS)?.into_iter().map(account).collect()
}

/// What follows the prefix in each key, and the value as text.
fn entries(context: &mut Context, store: StoreKey, prefix: &str) -> Result<Vec<(String, String)>> {
    let entries = context.collect(store, KeyRange::prefix(prefix.as_bytes().to_vec()))?;
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|_| damaged());
    entries.iter().map(|(key, value)| Ok((text(&key[prefix.len()..])?, text(value)?))).collect()
}

fn split(place: &str) -> Result<(String, String)> {
    let (port, connection) = place.split_once('/').ok_or_else(damaged)?;
    Ok((port.to_owned(), connection.to_owned()))
}

fn damaged() -> Error {
    Error::panic("interchain accounts: an entry of the store is damaged")
}
