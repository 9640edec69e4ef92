//! Parameters. Go reads and pays for all of them each time it wants one, so each of these functions is one read.

use iz_core::{Context, Result};
use iz_proto::cosmos::staking::v1beta1::Params as Wire;

use crate::staking::{keys, types::Params};

use super::STORE;

pub fn get_params(context: &mut Context) -> Result<Params> {
    let wire: Option<Wire> = context.get_message(STORE, &[keys::PARAMS])?;
    Params::from_wire(wire.unwrap_or_default())
}

pub fn set_params(context: &mut Context, params: Params) -> Result<()> {
    context.set_message(STORE, vec![keys::PARAMS], &params.into_wire())
}

pub fn bond_denom(context: &mut Context) -> Result<String> {
    Ok(get_params(context)?.bond_denom)
}
