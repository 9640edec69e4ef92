//! Keys of the circuit breaker's store.

/// 02 | type URL: messages that are switched off.
pub const DISABLED: &[u8] = &[2];

pub fn disabled(type_url: &str) -> Vec<u8> {
    [DISABLED, type_url.as_bytes()].concat()
}
