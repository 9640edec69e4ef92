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

pub const NEXT_SEQUENCE_SEND: &str = "nextSequenceSend";
pub const NEXT_SEQUENCE_RECEIVE: &str = "nextSequenceRecv";
pub const NEXT_SEQUENCE_ACKNOWLEDGE: &str = "nextSequenceAck";

pub fn channel_sequence(prefix: &str, port: &str, channel: &str) -> Vec<u8> {
    format!("{prefix}/ports/{port}/channels/{channel}").into_bytes()
}

/// The next packet of version 2 that a client sends.
pub fn client_sequence(client: &str) -> Vec<u8> {
    format!("{NEXT_SEQUENCE_SEND}/{client}").into_bytes()
}

pub fn async_packet(client: &str, sequence: u64) -> Vec<u8> {
    let mut key = format!("{client}async_packet").into_bytes();
    key.extend_from_slice(&sequence.to_be_bytes());
    key
}
