//! Errors of IBC: the ones that a chain without clients and channels can answer with.

use iz_core::Registered;

pub static INVALID_ADDRESS: Registered = Registered::new("ibc", 5, "invalid address");
pub static INVALID_COINS: Registered = Registered::new("ibc", 6, "invalid coins");
pub static INVALID_REQUEST: Registered = Registered::new("ibc", 8, "invalid request");
pub static INVALID_TYPE: Registered = Registered::new("ibc", 12, "invalid type");

pub static COUNTERPARTY_NOT_FOUND: Registered = Registered::new("clientv2", 35, "counterparty not found");

pub static CHANNEL_NOT_FOUND: Registered = Registered::new("channel", 3, "channel not found");
pub static INVALID_CHANNEL_IDENTIFIER: Registered =
    Registered::new("channel", 18, "invalid channel identifier");

pub static INVALID_PAYLOAD: Registered = Registered::new("channelv2", 3, "invalid payload");
pub static INVALID_TIMEOUT: Registered = Registered::new("channelv2", 8, "invalid packet timeout");

pub static INVALID_ROUTE: Registered = Registered::new("port", 5, "route not found");
/// A port of contracts that names none.
pub static INVALID_CONTRACT_PORT: Registered = Registered::new("wasm", 14, "invalid");
