//! The side that controls accounts on other chains.

use iz_core::{Context, Error, Result, stores};
use iz_proto::ibc::applications::interchain_accounts::{
    controller::v1::Params, genesis::v1::ControllerGenesisState,
};

use super::{keys, links};

const STORE: iz_store::StoreKey = stores::ICA_CONTROLLER;

pub fn params(context: &mut Context) -> Result<Params> {
    context
        .get_message(STORE, keys::PARAMS)?
        .ok_or_else(|| Error::panic("ica/controller params are not set in store"))
}

pub fn init(context: &mut Context, state: &ControllerGenesisState) -> Result<()> {
    for port in &state.ports {
        links::set_port(context, STORE, port)?;
    }
    for channel in &state.active_channels {
        links::set_active_channel(context, STORE, channel)?;
        links::set_middleware(context, STORE, channel)?;
    }
    for account in &state.interchain_accounts {
        links::set_account(context, STORE, account)?;
    }
    context.set_message(STORE, keys::PARAMS.to_vec(), &state.params.unwrap_or_default())
}

pub fn export(context: &mut Context) -> Result<ControllerGenesisState> {
    Ok(ControllerGenesisState {
        active_channels: links::active_channels(context, STORE)?,
        interchain_accounts: links::accounts(context, STORE)?,
        ports: links::ports(context, STORE)?,
        params: Some(params(context)?),
    })
}
