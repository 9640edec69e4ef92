//! Reading and writing the minter and its settings.

use iz_core::{Context, Result, stores};
use iz_proto::cosmos::mint::v1beta1 as wire;

use super::{
    keys,
    types::{Minter, Params},
};
use crate::collections;

pub fn minter(context: &mut Context) -> Result<Minter> {
    Minter::from_wire(&collections::item::<wire::Minter>(context, stores::MINT, keys::MINTER)?)
}

pub fn set_minter(context: &mut Context, minter: Minter) -> Result<()> {
    context.set_message(stores::MINT, keys::MINTER, &minter.to_wire())
}

pub fn params(context: &mut Context) -> Result<Params> {
    Params::from_wire(&collections::item::<wire::Params>(context, stores::MINT, keys::PARAMS)?)
}

pub fn set_params(context: &mut Context, params: &Params) -> Result<()> {
    context.set_message(stores::MINT, keys::PARAMS, &params.to_wire())
}
