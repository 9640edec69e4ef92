//! Keys of the circuit breaker's store.

use iz_core::Address;

/// 01 | address: what an account may switch off.
pub const PERMISSIONS: &[u8] = &[1];
/// 02 | type URL: messages that are switched off.
pub const DISABLED: &[u8] = &[2];

pub fn permissions(address: &Address) -> Vec<u8> {
    [PERMISSIONS, address.as_bytes()].concat()
}

pub fn disabled(type_url: &str) -> Vec<u8> {
    [DISABLED, type_url.as_bytes()].concat()
}
