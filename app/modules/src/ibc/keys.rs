//! Keys of the IBC store: paths, since other chains prove what is under them.

pub const CLIENT_PARAMS: &[u8] = b"clientParams";
pub const NEXT_CLIENT_SEQUENCE: &[u8] = b"nextClientSequence";
pub const CONNECTION_PARAMS: &[u8] = b"connectionParams";
pub const NEXT_CONNECTION_SEQUENCE: &[u8] = b"nextConnectionSequence";
pub const NEXT_CHANNEL_SEQUENCE: &[u8] = b"nextChannelSequence";

pub fn connection(id: &str) -> Vec<u8> {
    format!("connections/{id}").into_bytes()
}

pub fn channel(port: &str, channel: &str) -> Vec<u8> {
    format!("channelEnds/ports/{port}/channels/{channel}").into_bytes()
}

/// Who stands at the other end of a client, for packets of the second version.
pub fn counterparty(client: &str) -> Vec<u8> {
    format!("clients/{client}/counterparty").into_bytes()
}
