//! The numbers of packets in a genesis: those that a channel sends, receives and acknowledges next, those that a client sends next, and
//! packets whose acknowledgement is still to come. They are kept and handed on; nothing here counts with them.

use iz_core::{Context, Error, Result, stores};
use iz_proto::ibc::core::channel::{v1 as channel, v2 as channel_v2};
use iz_store::KeyRange;
use prost::Message;

use super::{identifiers, keys};

/// Checks of the numbers of channels.
pub fn validate(state: &channel::GenesisState) -> Result<()> {
    for (kind, sequences, root) in [
        ("invalid send sequence", &state.send_sequences, ": invalid sequence"),
        ("invalid receive sequence", &state.recv_sequences, ""),
        ("sequence", &state.ack_sequences, ": invalid acknowledgement"),
    ] {
        for (index, sequence) in sequences.iter().enumerate() {
            validate_one(sequence).map_err(|error| {
                Error::plain(format!(
                    "{kind} {{{} {} {}}} index {index}: {error}{root}",
                    sequence.port_id, sequence.channel_id, sequence.sequence
                ))
            })?;
        }
    }
    Ok(())
}

fn validate_one(sequence: &channel::PacketSequence) -> Result<()> {
    identifiers::validate_port(&sequence.port_id).map_err(|error| error.wrap("invalid port Id"))?;
    identifiers::validate_channel(&sequence.channel_id).map_err(|error| error.wrap("invalid channel Id"))?;
    require_number(sequence.sequence)
}

/// Checks of what clients have for packets of version 2.
pub fn validate_v2(state: &channel_v2::GenesisState) -> Result<()> {
    for (index, packet) in state.async_packets.iter().enumerate() {
        let shown = format!("{{{} {} {:?}}}", packet.client_id, packet.sequence, packet.data);
        let about = |why: &dyn std::fmt::Display| {
            Error::plain(format!("invalid async packet {} index {index}: {why}", shown.replace(", ", " ")))
        };
        validate_client(&packet.client_id, packet.sequence).map_err(|error| about(&error))?;
        if packet.data.is_empty() {
            return Err(about(&"data bytes cannot be empty"));
        }
    }
    for (index, sequence) in state.send_sequences.iter().enumerate() {
        validate_client(&sequence.client_id, sequence.sequence).map_err(|error| {
            Error::plain(format!(
                "invalid send sequence {{{} {}}} index {index}: {error}",
                sequence.client_id, sequence.sequence
            ))
        })?;
    }
    Ok(())
}

fn validate_client(id: &str, sequence: u64) -> Result<()> {
    identifiers::validate_client(id).map_err(|error| error.wrap("invalid channel Id"))?;
    require_number(sequence)
}

fn require_number(sequence: u64) -> Result<()> {
    if sequence == 0 { Err(Error::plain("sequence cannot be 0")) } else { Ok(()) }
}

/// Takes the numbers of channels from a genesis.
pub fn import(context: &mut Context, state: &channel::GenesisState) -> Result<()> {
    for (prefix, sequences) in [
        (keys::NEXT_SEQUENCE_SEND, &state.send_sequences),
        (keys::NEXT_SEQUENCE_RECEIVE, &state.recv_sequences),
        (keys::NEXT_SEQUENCE_ACKNOWLEDGE, &state.ack_sequences),
    ] {
        for sequence in sequences {
            let key = keys::channel_sequence(prefix, &sequence.port_id, &sequence.channel_id);
            context.set(stores::IBC, key, sequence.sequence.to_be_bytes().to_vec())?;
        }
    }
    Ok(())
}

/// Takes what clients have for packets of version 2. Go hands it on only for clients that are there, and none can be.
pub fn import_v2(context: &mut Context, state: &channel_v2::GenesisState) -> Result<()> {
    for state in &state.async_packets {
        let packet = channel_v2::Packet::decode(&state.data[..])
            .map_err(|error| Error::panic(format!("ibc: an asynchronous packet: {error}")))?;
        context.set_message(stores::IBC, keys::async_packet(&state.client_id, state.sequence), &packet)?;
    }
    for sequence in &state.send_sequences {
        let key = keys::client_sequence(&sequence.client_id);
        context.set(stores::IBC, key, sequence.sequence.to_be_bytes().to_vec())?;
    }
    Ok(())
}

/// The numbers of one kind, by port and channel. As in Go the walk ends at the first key that is not a channel's, so that the number of
/// a client hides those of all channels.
pub fn export(context: &mut Context, prefix: &str) -> Result<Vec<channel::PacketSequence>> {
    let entries = context.collect(stores::IBC, KeyRange::prefix(prefix.as_bytes().to_vec()))?;
    let mut sequences = Vec::new();
    for (key, value) in entries {
        let key = String::from_utf8_lossy(&key).into_owned();
        let parts: Vec<&str> = key.split('/').collect();
        let [_, "ports", port, "channels", channel, ..] = parts[..] else { break };
        let number = value.first_chunk::<8>().copied().map_or(0, u64::from_be_bytes);
        sequences.push(channel::PacketSequence {
            port_id: port.to_owned(),
            channel_id: channel.to_owned(),
            sequence: number,
        });
    }
    Ok(sequences)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn of(port: &str, channel: &str, sequence: u64) -> channel::PacketSequence {
        channel::PacketSequence { port_id: port.into(), channel_id: channel.into(), sequence }
    }

    #[test]
    fn numbers_of_channels_come_out_as_they_went_in() {
        let mut context = testing::context();
        let state = channel::GenesisState {
            send_sequences: vec![of("transfer", "channel-0", 7), of("transfer", "channel-1", 8)],
            recv_sequences: vec![of("transfer", "channel-0", 9)],
            ack_sequences: vec![of("icahost", "channel-2", 1)],
            ..channel::GenesisState::default()
        };
        validate(&state).unwrap();
        import(&mut context, &state).unwrap();
        assert_eq!(export(&mut context, keys::NEXT_SEQUENCE_SEND).unwrap(), state.send_sequences);
        assert_eq!(export(&mut context, keys::NEXT_SEQUENCE_RECEIVE).unwrap(), state.recv_sequences);
        assert_eq!(export(&mut context, keys::NEXT_SEQUENCE_ACKNOWLEDGE).unwrap(), state.ack_sequences);
        let stored = context.get(stores::IBC, b"nextSequenceSend/ports/transfer/channels/channel-1").unwrap();
        assert_eq!(&stored.unwrap()[..], [0, 0, 0, 0, 0, 0, 0, 8]);
    }

    #[test]
    fn the_number_of_a_client_hides_those_of_channels() {
        let mut context = testing::context();
        let channels = channel::GenesisState {
            send_sequences: vec![of("transfer", "channel-0", 7)],
            ..channel::GenesisState::default()
        };
        import(&mut context, &channels).unwrap();
        let packet = channel_v2::Packet { sequence: 3, ..channel_v2::Packet::default() };
        let clients = channel_v2::GenesisState {
            async_packets: vec![channel_v2::PacketState {
                client_id: "07-tendermint-0".into(),
                sequence: 3,
                data: packet.encode_to_vec(),
            }],
            send_sequences: vec![channel_v2::PacketSequence {
                client_id: "07-tendermint-0".into(),
                sequence: 4,
            }],
            ..channel_v2::GenesisState::default()
        };
        validate_v2(&clients).unwrap();
        import_v2(&mut context, &clients).unwrap();
        assert_eq!(export(&mut context, keys::NEXT_SEQUENCE_SEND).unwrap(), []);
        let stored = context.get(stores::IBC, b"07-tendermint-0async_packet\0\0\0\0\0\0\0\x03").unwrap();
        assert_eq!(stored.unwrap(), packet.encode_to_vec());
    }

    #[test]
    fn what_go_refuses_is_refused_in_its_words() {
        let said = |sequence: channel::PacketSequence| {
            let state =
                channel::GenesisState { send_sequences: vec![sequence], ..channel::GenesisState::default() };
            validate(&state).unwrap_err().to_string()
        };
        assert_eq!(
            said(of("transfer", "channel-0", 0)),
            "invalid send sequence {transfer channel-0 0} index 0: sequence cannot be 0: invalid sequence"
        );
        assert!(said(of("t", "channel-0", 1)).contains("index 0: invalid port Id: "));
        let packet =
            channel_v2::PacketState { client_id: "07-tendermint-0".into(), sequence: 1, data: vec![] };
        let state =
            channel_v2::GenesisState { async_packets: vec![packet], ..channel_v2::GenesisState::default() };
        assert_eq!(
            validate_v2(&state).unwrap_err().to_string(),
            "invalid async packet {07-tendermint-0 1 []} index 0: data bytes cannot be empty"
        );
        let broken = channel_v2::GenesisState {
            async_packets: vec![channel_v2::PacketState {
                client_id: "07-tendermint-0".into(),
                sequence: 1,
                data: vec![0xff],
            }],
            ..channel_v2::GenesisState::default()
        };
        assert!(import_v2(&mut testing::context(), &broken).is_err());
    }
}
