//! Genesis of the minter.

use iz_core::{Chain, Context, Genesis, Result, coin::DEFAULT_BOND_DENOM};
use iz_proto::{cosmos::mint::v1beta1::GenesisState, tendermint::abci::ValidatorUpdate};

use super::{
    NAME, keeper,
    types::{Minter, Params},
};
use crate::auth;

pub struct Mint;

impl Genesis for Mint {
    type State = GenesisState;

    fn default_state(_chain: &Chain) -> GenesisState {
        GenesisState {
            minter: Some(Minter::initial().to_wire()),
            params: Some(Params::standard(DEFAULT_BOND_DENOM).to_wire()),
        }
    }

    fn validate(state: &GenesisState, _chain: &Chain) -> Result<()> {
        Params::checked(&state.params.clone().unwrap_or_default())?;
        Minter::from_wire(&state.minter.clone().unwrap_or_default())?.validate()
    }

    fn init(context: &mut Context, state: GenesisState) -> Result<Vec<ValidatorUpdate>> {
        let minter = Minter::from_wire(&state.minter.unwrap_or_default())?;
        keeper::set_minter(context, minter)?;
        let params = Params::from_wire(&state.params.unwrap_or_default())?;
        keeper::set_params(context, &params)?;
        // makes the account, which takes the next account number
        auth::keeper::module_account_address(context, NAME)?;
        Ok(Vec::new())
    }

    fn export(context: &mut Context) -> Result<GenesisState> {
        let minter = keeper::minter(context)?;
        let params = keeper::params(context)?;
        Ok(GenesisState { minter: Some(minter.to_wire()), params: Some(params.to_wire()) })
    }
}
