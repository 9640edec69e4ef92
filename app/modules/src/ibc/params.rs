//! Parameters of clients and connections.

use std::collections::BTreeSet;

use iz_core::{Context, Error, Result, stores};
use iz_proto::ibc::core::{client::v1::Params as ClientParams, connection::v1::Params as ConnectionParams};

use super::keys;

/// Stands for every kind of client.
pub const ALL_CLIENTS: &str = "*";
const MAX_ALLOWED: usize = 200;
/// Nanoseconds that a block is expected to take at most.
pub const TIME_PER_BLOCK: u64 = 30_000_000_000;

pub fn client(context: &mut Context) -> Result<ClientParams> {
    context
        .get_message(stores::IBC, keys::CLIENT_PARAMS)?
        .ok_or_else(|| Error::panic("client params are not set in store"))
}

pub fn set_client(context: &mut Context, params: &ClientParams) -> Result<()> {
    context.set_message(stores::IBC, keys::CLIENT_PARAMS.to_vec(), params)
}

pub fn connection(context: &mut Context) -> Result<ConnectionParams> {
    context
        .get_message(stores::IBC, keys::CONNECTION_PARAMS)?
        .ok_or_else(|| Error::panic("connection params are not set in store"))
}

pub fn set_connection(context: &mut Context, params: &ConnectionParams) -> Result<()> {
    context.set_message(stores::IBC, keys::CONNECTION_PARAMS.to_vec(), params)
}

pub fn validate_client(params: &ClientParams) -> Result<()> {
    let allowed = &params.allowed_clients;
    if allowed.len() > MAX_ALLOWED {
        return Err(Error::plain(format!("allowed clients length must not exceed {MAX_ALLOWED} items")));
    }
    if allowed.len() > 1 && allowed.iter().any(|kind| kind == ALL_CLIENTS) {
        return Err(Error::plain(format!(
            "allow list must have only one element because the allow all clients wildcard ({ALL_CLIENTS}) is present"
        )));
    }
    let mut seen = BTreeSet::new();
    for (place, kind) in allowed.iter().enumerate() {
        if kind.trim().is_empty() {
            return Err(Error::plain(format!("client type {place} cannot be blank")));
        }
        if !seen.insert(kind) {
            return Err(Error::plain(format!("duplicate client type: {kind}")));
        }
    }
    Ok(())
}

pub fn validate_connection(params: &ConnectionParams) -> Result<()> {
    if params.max_expected_time_per_block == 0 {
        return Err(Error::plain("MaxExpectedTimePerBlock cannot be zero"));
    }
    Ok(())
}
