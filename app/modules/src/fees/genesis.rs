//! Genesis of fees: settings, and the fixed supply.

use iz_core::{Chain, Context, Dec, Genesis, Int, Result};
use iz_proto::{infinitezero::fees::v1::GenesisState, tendermint::abci::ValidatorUpdate};

use super::{
    errors, keeper,
    types::{FIXED_SUPPLY, Params, Record},
};
use crate::{bank, mint};

pub struct Fees;

const NOTHING: Record = Record { burned: Int::ZERO, owed: Dec::ZERO };

impl Genesis for Fees {
    type State = GenesisState;

    fn default_state(_chain: &Chain) -> GenesisState {
        GenesisState { params: Some(Params::standard().to_wire()), record: Some(NOTHING.to_wire()) }
    }

    fn validate(state: &GenesisState, _chain: &Chain) -> Result<()> {
        parse(state).map(drop)
    }

    /// Comes after bank and mint.
    fn init(context: &mut Context, state: GenesisState) -> Result<Vec<ValidatorUpdate>> {
        let (params, record) = parse(&state)?;
        require_supply(context, &params, record)?;
        let minter = mint::keeper::params(context)?;
        keeper::require_no_inflation(&minter)?;
        keeper::set_params(context, &params)?;
        keeper::set_record(context, record)?;
        Ok(Vec::new())
    }

    fn export(context: &mut Context) -> Result<GenesisState> {
        let params = keeper::params(context)?;
        let record = keeper::record(context)?;
        Ok(GenesisState { params: Some(params.to_wire()), record: Some(record.to_wire()) })
    }
}

fn parse(state: &GenesisState) -> Result<(Params, Record)> {
    let params = Params::checked(&state.params.clone().unwrap_or_default())?;
    let record = Record::from_wire(&state.record.clone().unwrap_or_default())
        .map_err(|error| error.recast(&errors::INVALID_GENESIS))?;
    record.validate()?;
    Ok((params, record))
}

/// A new chain has exactly the fixed supply. One that goes on may have less: slashes and burned deposits are not in the record.
fn require_supply(context: &mut Context, params: &Params, record: Record) -> Result<()> {
    let fixed = Int::from(FIXED_SUPPLY);
    let supply = bank::keeper::supply(context, &params.native_denom)?;
    let most = fixed.sub(record.burned)?;
    if supply == most || (record != NOTHING && supply < most) {
        return Ok(());
    }
    let denom = &params.native_denom;
    Err(errors::INVALID_GENESIS.wrap(format!(
        "the supply must be {fixed}{denom} less the {}{denom} that were burned, it is {supply}{denom}",
        record.burned
    )))
}
