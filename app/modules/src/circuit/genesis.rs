//! The circuit breaker at genesis.

use iz_core::{Chain, Context, Error, Genesis, Result};
use iz_proto::cosmos::circuit::v1::{
    GenesisAccountPermissions, GenesisState, Permissions, permissions::Level,
};
use tendermint_proto::v0_38::abci::ValidatorUpdate;

use super::keeper;

pub struct CircuitGenesis;

impl Genesis for CircuitGenesis {
    type State = GenesisState;

    fn default_state(_chain: &Chain) -> GenesisState {
        GenesisState::default()
    }

    fn validate(state: &GenesisState, _chain: &Chain) -> Result<()> {
        for account in &state.account_permissions {
            let address = &account.address;
            if address.is_empty() {
                return Err(Error::plain("invalid account address: "));
            }
            let permissions = permissions_of(account)?;
            if !matches!(permissions.level(), Level::AllMsgs | Level::SomeMsgs | Level::SuperAdmin) {
                return Err(Error::plain(format!(
                    "invalid permission level account address: {address}, permission level: {}",
                    permissions.level().as_str_name()
                )));
            }
        }
        Ok(())
    }

    fn init(context: &mut Context, state: GenesisState) -> Result<Vec<ValidatorUpdate>> {
        for account in &state.account_permissions {
            let address = context.addresses().parse_account(&account.address)?;
            keeper::set_permissions(context, &address, permissions_of(account)?)?;
        }
        for type_url in &state.disabled_type_urls {
            keeper::disable(context, type_url)?;
        }
        Ok(Vec::new())
    }

    fn export(context: &mut Context) -> Result<GenesisState> {
        let permissions = keeper::all_permissions(context)?;
        let accounts = permissions.into_iter().map(|(address, permissions)| GenesisAccountPermissions {
            address: context.addresses().account(&address),
            permissions: Some(permissions),
        });
        let account_permissions = accounts.collect();
        Ok(GenesisState { account_permissions, disabled_type_urls: keeper::disabled(context)? })
    }
}

fn permissions_of(account: &GenesisAccountPermissions) -> Result<&Permissions> {
    account.permissions.as_ref().ok_or_else(|| {
        Error::plain(format!("account has empty permissions, account address: {}", account.address))
    })
}
