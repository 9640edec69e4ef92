//! What is switched off, and who may switch.

use iz_core::{Address, Context, Error, Result, errors::sdk, stores};
use iz_proto::cosmos::circuit::v1::{Permissions, permissions::Level};
use iz_store::KeyRange;

use super::keys;
use crate::module_accounts;

/// Whether messages of this type may run.
pub fn is_allowed(context: &mut Context, type_url: &str) -> Result<bool> {
    Ok(!context.has(stores::CIRCUIT, &keys::disabled(type_url))?)
}

pub fn disable(context: &mut Context, type_url: &str) -> Result<()> {
    context.set(stores::CIRCUIT, keys::disabled(type_url), Vec::new())
}

pub fn enable(context: &mut Context, type_url: &str) -> Result<()> {
    context.delete(stores::CIRCUIT, keys::disabled(type_url))
}

/// Every message type that is switched off.
pub fn disabled(context: &mut Context) -> Result<Vec<String>> {
    let entries = context.collect(stores::CIRCUIT, KeyRange::prefix(keys::DISABLED.to_vec()))?;
    let text = |bytes: &[u8]| {
        String::from_utf8(bytes.to_vec()).map_err(|_| Error::panic("circuit: a key of the store is not text"))
    };
    entries.iter().map(|(key, _)| text(&key[keys::DISABLED.len()..])).collect()
}

pub fn permissions(context: &mut Context, address: &Address) -> Result<Option<Permissions>> {
    context.get_message(stores::CIRCUIT, &keys::permissions(address))
}

pub fn set_permissions(context: &mut Context, address: &Address, permissions: &Permissions) -> Result<()> {
    context.set_message(stores::CIRCUIT, keys::permissions(address), permissions)
}

/// Everyone who may switch something off.
pub fn all_permissions(context: &mut Context) -> Result<Vec<(Address, Permissions)>> {
    let entries = context.collect(stores::CIRCUIT, KeyRange::prefix(keys::PERMISSIONS.to_vec()))?;
    let entry = |(key, value): &(bytes::Bytes, bytes::Bytes)| {
        let address = Address::new(&key[keys::PERMISSIONS.len()..]);
        Ok((address, decode(value)?))
    };
    entries.iter().map(entry).collect()
}

pub fn decode(value: &[u8]) -> Result<Permissions> {
    prost::Message::decode(value).map_err(|error| Error::panic(format!("circuit: permissions: {error}")))
}

/// Governance needs no permission.
#[must_use]
pub fn is_authority(address: &Address) -> bool {
    module_accounts::address(module_accounts::GOV) == Some(address)
}

/// Who switches, and what that account may.
pub struct Switcher {
    address: Address,
    permissions: Permissions,
}

impl Switcher {
    pub fn load(context: &mut Context, text: &str) -> Result<Self> {
        let address = context.addresses().parse_account(text)?;
        let permissions = permissions(context, &address)?.unwrap_or_default();
        Ok(Self { address, permissions })
    }

    /// Refuses one who may not `action` ("trip" or "reset") the breaker for this message type.
    pub fn require(&self, action: &str, type_url: &str) -> Result<()> {
        match self.permissions.level() {
            Level::SuperAdmin | Level::AllMsgs => Ok(()),
            _ if is_authority(&self.address) => Ok(()),
            Level::SomeMsgs if self.permissions.limit_type_urls.iter().any(|allowed| allowed == type_url) => {
                Ok(())
            }
            Level::SomeMsgs => Err(sdk::UNAUTHORIZED.wrap(format!(
                "account does not have permission to {action} circuit breaker for message {type_url}"
            ))),
            Level::NoneUnspecified => Err(sdk::UNAUTHORIZED
                .wrap(format!("account does not have permission to {action} circuit breaker"))),
        }
    }
}
