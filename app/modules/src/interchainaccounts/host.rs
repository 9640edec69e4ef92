//! The side whose accounts are controlled from other chains.

use iz_core::{Context, Error, Result, stores};
use iz_proto::ibc::applications::interchain_accounts::{genesis::v1::HostGenesisState, host::v1::Params};

use super::{keys, links};

pub const PORT: &str = "icahost";
/// Stands for every message type in the list of allowed ones.
pub const ALL_MESSAGES: &str = "*";
const MAX_ALLOWED: usize = 500;
const STORE: iz_store::StoreKey = stores::ICA_HOST;

pub fn params(context: &mut Context) -> Result<Params> {
    context
        .get_message(STORE, keys::PARAMS)?
        .ok_or_else(|| Error::panic("ica/host params are not set in store"))
}

pub fn validate(params: &Params) -> Result<()> {
    let allowed = &params.allow_messages;
    if allowed.len() > MAX_ALLOWED {
        return Err(Error::plain(format!("allow list length must not exceed {MAX_ALLOWED} items")));
    }
    if allowed.len() > 1 && allowed.iter().any(|kind| kind == ALL_MESSAGES) {
        return Err(Error::plain(format!(
            "allow list must have only one element because the allow all host messages wildcard ({ALL_MESSAGES}) is present"
        )));
    }
    if allowed.iter().any(|kind| kind.trim().is_empty()) {
        return Err(Error::plain(format!(
            "parameter must not contain empty strings: [{}]",
            allowed.join(" ")
        )));
    }
    Ok(())
}

pub fn init(context: &mut Context, state: &HostGenesisState) -> Result<()> {
    links::set_port(context, STORE, &state.port)?;
    for channel in &state.active_channels {
        links::set_active_channel(context, STORE, channel)?;
    }
    for account in &state.interchain_accounts {
        links::set_account(context, STORE, account)?;
    }
    let params = state.params.clone().unwrap_or_default();
    validate(&params)?;
    context.set_message(STORE, keys::PARAMS.to_vec(), &params)
}

pub fn export(context: &mut Context) -> Result<HostGenesisState> {
    Ok(HostGenesisState {
        active_channels: links::active_channels(context, STORE)?,
        interchain_accounts: links::accounts(context, STORE)?,
        port: PORT.to_owned(),
        params: Some(params(context)?),
    })
}
