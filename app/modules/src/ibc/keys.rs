//! Keys of the IBC store: paths, since other chains prove what is under them.

pub const CLIENT_PARAMS: &[u8] = b"clientParams";
pub const NEXT_CLIENT_SEQUENCE: &[u8] = b"nextClientSequence";
pub const CONNECTION_PARAMS: &[u8] = b"connectionParams";
pub const NEXT_CONNECTION_SEQUENCE: &[u8] = b"nextConnectionSequence";
pub const NEXT_CHANNEL_SEQUENCE: &[u8] = b"nextChannelSequence";

pub fn connection(id: &str) -> Vec<u8> {
    format!("connections/{id}").into_bytes()
}
