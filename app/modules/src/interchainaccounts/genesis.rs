//! Interchain accounts at genesis.

use iz_core::{Chain, Context, Error, Genesis, Result};
use iz_proto::ibc::applications::interchain_accounts::{
    controller::v1::Params as ControllerParams,
    genesis::v1::{
        ActiveChannel, ControllerGenesisState, GenesisState, HostGenesisState, RegisteredInterchainAccount,
    },
    host::v1::Params as HostParams,
};
use tendermint_proto::v0_38::abci::ValidatorUpdate;

use super::{controller, host};
use crate::ibc::identifiers::{validate_channel, validate_port};

/// Longest address of an account on another chain.
const MAX_ADDRESS_LENGTH: usize = 128;

pub struct InterchainAccountsGenesis;

impl Genesis for InterchainAccountsGenesis {
    type State = GenesisState;

    fn default_state(_chain: &Chain) -> GenesisState {
        let controller_genesis_state = ControllerGenesisState {
            params: Some(ControllerParams { controller_enabled: true }),
            ..ControllerGenesisState::default()
        };
        let allow_messages = vec![host::ALL_MESSAGES.to_owned()];
        let host_genesis_state = HostGenesisState {
            port: host::PORT.to_owned(),
            params: Some(HostParams { host_enabled: true, allow_messages }),
            ..HostGenesisState::default()
        };
        GenesisState {
            controller_genesis_state: Some(controller_genesis_state),
            host_genesis_state: Some(host_genesis_state),
        }
    }

    fn validate(state: &GenesisState, _chain: &Chain) -> Result<()> {
        let controller = state.controller_genesis_state.clone().unwrap_or_default();
        validate_links(&controller.active_channels, &controller.interchain_accounts)?;
        for port in &controller.ports {
            validate_port(port)?;
        }
        let host = state.host_genesis_state.clone().unwrap_or_default();
        validate_links(&host.active_channels, &host.interchain_accounts)?;
        validate_port(&host.port)?;
        host::validate(&host.params.unwrap_or_default())
    }

    fn init(context: &mut Context, state: GenesisState) -> Result<Vec<ValidatorUpdate>> {
        controller::init(context, &state.controller_genesis_state.unwrap_or_default())?;
        host::init(context, &state.host_genesis_state.unwrap_or_default())?;
        Ok(Vec::new())
    }

    fn export(context: &mut Context) -> Result<GenesisState> {
        Ok(GenesisState {
            controller_genesis_state: Some(controller::export(context)?),
            host_genesis_state: Some(host::export(context)?),
        })
    }
}

fn validate_links(channels: &[ActiveChannel], accounts: &[RegisteredInterchainAccount]) -> Result<()> {
    for channel in channels {
        validate_channel(&channel.channel_id)?;
        validate_port(&channel.port_id)?;
    }
    for account in accounts {
        validate_port(&account.port_id)?;
        let address = account.account_address.as_bytes();
        let fits = (1..=MAX_ADDRESS_LENGTH).contains(&address.len());
        if !fits || !address.iter().all(u8::is_ascii_alphanumeric) {
            return Err(Error::plain(format!(
                "address must contain strictly alphanumeric characters, not exceeding {MAX_ADDRESS_LENGTH} characters in length"
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn genesis_comes_out_as_it_went_in() {
        let mut context = testing::context();
        let mut state = InterchainAccountsGenesis::default_state(&context.chain);
        let channel = ActiveChannel {
            connection_id: "connection-0".into(),
            port_id: "icacontroller-owner".into(),
            channel_id: "channel-1".into(),
            is_middleware_enabled: true,
        };
        let account = RegisteredInterchainAccount {
            connection_id: "connection-0".into(),
            port_id: "icacontroller-owner".into(),
            account_address: "cosmos1abc".into(),
        };
        let controller = state.controller_genesis_state.as_mut().unwrap();
        controller.ports = vec!["icacontroller-owner".into()];
        controller.active_channels = vec![channel];
        controller.interchain_accounts = vec![account];
        InterchainAccountsGenesis::validate(&state, &context.chain).unwrap();
        InterchainAccountsGenesis::init(&mut context, state.clone()).unwrap();
        assert_eq!(InterchainAccountsGenesis::export(&mut context).unwrap(), state);
    }
}
