//! IBC core at genesis: parameters, the numbers that come next (also of packets: `sequences`), and the connection of the chain to itself.

use iz_core::{Chain, Context, Error, Genesis, Result, stores};
use iz_proto::ibc::core::{
    channel::{v1 as channel, v2 as channel_v2},
    client::{v1 as client, v2 as client_v2},
    commitment::v1::MerklePrefix,
    connection::v1 as connection,
    types::v1::GenesisState,
};
use prost::Message;
use tendermint_proto::v0_38::abci::ValidatorUpdate;

use super::{keys, params, sequences};
use crate::unsupported::require_empty;

const LOCALHOST_CLIENT: &str = "09-localhost";
const LOCALHOST_CONNECTION: &str = "connection-localhost";
/// What counterparties put before paths into this chain's state.
const COMMITMENT_PREFIX: &[u8] = b"ibc";

pub struct IbcGenesis;

impl Genesis for IbcGenesis {
    type State = GenesisState;

    fn default_state(_chain: &Chain) -> GenesisState {
        let allowed_clients = vec![params::ALL_CLIENTS.to_owned()];
        GenesisState {
            client_genesis: Some(client::GenesisState {
                params: Some(client::Params { allowed_clients }),
                ..client::GenesisState::default()
            }),
            connection_genesis: Some(connection::GenesisState {
                params: Some(connection::Params { max_expected_time_per_block: params::TIME_PER_BLOCK }),
                ..connection::GenesisState::default()
            }),
            channel_genesis: Some(channel::GenesisState::default()),
            client_v2_genesis: Some(client_v2::GenesisState::default()),
            channel_v2_genesis: Some(channel_v2::GenesisState::default()),
        }
    }

    fn validate(state: &GenesisState, _chain: &Chain) -> Result<()> {
        let client = state.client_genesis.clone().unwrap_or_default();
        require_empty("IBC clients", &client.clients)?;
        require_empty("consensus states of IBC clients", &client.clients_consensus)?;
        require_empty("metadata of IBC clients", &client.clients_metadata)?;
        params::validate_client(&client.params.unwrap_or_default())?;
        let connection = state.connection_genesis.clone().unwrap_or_default();
        // an exported genesis holds the connection that is always made anew
        if connection.connections.iter().any(|connection| connection.id != LOCALHOST_CONNECTION) {
            require_empty("IBC connections", &connection.connections)?;
        }
        require_empty("connections of IBC clients", &connection.client_connection_paths)?;
        params::validate_connection(&connection.params.unwrap_or_default())?;
        let channel = state.channel_genesis.clone().unwrap_or_default();
        require_empty("IBC channels", &channel.channels)?;
        require_empty("acknowledgements of IBC packets", &channel.acknowledgements)?;
        require_empty("commitments of IBC packets", &channel.commitments)?;
        require_empty("receipts of IBC packets", &channel.receipts)?;
        sequences::validate(&channel)?;
        let client_v2 = state.client_v2_genesis.clone().unwrap_or_default();
        require_empty("counterparties of IBC clients", &client_v2.counterparty_infos)?;
        let channel_v2 = state.channel_v2_genesis.clone().unwrap_or_default();
        require_empty("IBC packets of version 2", &channel_v2.commitments)?;
        require_empty("receipts of IBC packets of version 2", &channel_v2.receipts)?;
        require_empty("acknowledgements of IBC packets of version 2", &channel_v2.acknowledgements)?;
        sequences::validate_v2(&channel_v2)
    }

    fn init(context: &mut Context, state: GenesisState) -> Result<Vec<ValidatorUpdate>> {
        Self::validate(&state, &context.chain)?;
        let client = state.client_genesis.unwrap_or_default();
        params::set_client(context, &client.params.unwrap_or_default())?;
        set_sequence(context, keys::NEXT_CLIENT_SEQUENCE, client.next_client_sequence)?;
        let connection = state.connection_genesis.unwrap_or_default();
        set_sequence(context, keys::NEXT_CONNECTION_SEQUENCE, connection.next_connection_sequence)?;
        params::set_connection(context, &connection.params.unwrap_or_default())?;
        context.set_message(stores::IBC, keys::connection(LOCALHOST_CONNECTION), &localhost())?;
        let channel = state.channel_genesis.unwrap_or_default();
        sequences::import(context, &channel)?;
        set_sequence(context, keys::NEXT_CHANNEL_SEQUENCE, channel.next_channel_sequence)?;
        sequences::import_v2(context, &state.channel_v2_genesis.unwrap_or_default())?;
        Ok(Vec::new())
    }

    fn export(context: &mut Context) -> Result<GenesisState> {
        let localhost = context.get(stores::IBC, &keys::connection(LOCALHOST_CONNECTION))?;
        let connections = localhost.map(|bytes| identified(&bytes)).transpose()?;
        Ok(GenesisState {
            client_genesis: Some(client::GenesisState {
                params: Some(params::client(context)?),
                next_client_sequence: sequence(context, keys::NEXT_CLIENT_SEQUENCE)?,
                ..client::GenesisState::default()
            }),
            connection_genesis: Some(connection::GenesisState {
                connections: connections.into_iter().collect(),
                next_connection_sequence: sequence(context, keys::NEXT_CONNECTION_SEQUENCE)?,
                params: Some(params::connection(context)?),
                ..connection::GenesisState::default()
            }),
            channel_genesis: Some(channel::GenesisState {
                send_sequences: sequences::export(context, keys::NEXT_SEQUENCE_SEND)?,
                recv_sequences: sequences::export(context, keys::NEXT_SEQUENCE_RECEIVE)?,
                ack_sequences: sequences::export(context, keys::NEXT_SEQUENCE_ACKNOWLEDGE)?,
                next_channel_sequence: sequence(context, keys::NEXT_CHANNEL_SEQUENCE)?,
                ..channel::GenesisState::default()
            }),
            client_v2_genesis: Some(client_v2::GenesisState::default()),
            channel_v2_genesis: Some(channel_v2::GenesisState::default()),
        })
    }
}

/// The connection over which the chain's own modules talk to each other.
fn localhost() -> connection::ConnectionEnd {
    let features = vec!["ORDER_ORDERED".to_owned(), "ORDER_UNORDERED".to_owned()];
    connection::ConnectionEnd {
        client_id: LOCALHOST_CLIENT.to_owned(),
        versions: vec![connection::Version { identifier: "1".to_owned(), features }],
        state: connection::State::Open.into(),
        counterparty: Some(connection::Counterparty {
            client_id: LOCALHOST_CLIENT.to_owned(),
            connection_id: LOCALHOST_CONNECTION.to_owned(),
            prefix: Some(MerklePrefix { key_prefix: COMMITMENT_PREFIX.to_vec() }),
        }),
        delay_period: 0,
    }
}

fn identified(bytes: &[u8]) -> Result<connection::IdentifiedConnection> {
    let end = connection::ConnectionEnd::decode(bytes)
        .map_err(|error| Error::panic(format!("ibc: a connection in the store: {error}")))?;
    Ok(connection::IdentifiedConnection {
        id: LOCALHOST_CONNECTION.to_owned(),
        client_id: end.client_id,
        versions: end.versions,
        state: end.state,
        counterparty: end.counterparty,
        delay_period: end.delay_period,
    })
}

fn set_sequence(context: &mut Context, key: &'static [u8], sequence: u64) -> Result<()> {
    context.set(stores::IBC, key, sequence.to_be_bytes().to_vec())
}

fn sequence(context: &mut Context, key: &[u8]) -> Result<u64> {
    let bytes = context.get(stores::IBC, key)?.unwrap_or_default();
    let bytes = <[u8; 8]>::try_from(&bytes[..]);
    Ok(u64::from_be_bytes(bytes.map_err(|_| Error::panic("ibc: a sequence in the store is damaged"))?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn the_localhost_connection_is_always_there() {
        let mut context = testing::context();
        let state = IbcGenesis::default_state(&context.chain);
        IbcGenesis::init(&mut context, state.clone()).unwrap();
        let exported = IbcGenesis::export(&mut context).unwrap();
        let connections = &exported.connection_genesis.as_ref().unwrap().connections;
        assert_eq!(connections.len(), 1);
        IbcGenesis::validate(&exported, &context.chain).unwrap();
        let mut with_client = state;
        with_client.client_genesis.as_mut().unwrap().clients.push(client::IdentifiedClientState::default());
        assert!(IbcGenesis::init(&mut context, with_client).is_err());
    }
}
