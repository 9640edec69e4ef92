//! Genesis of the epochs.

use iz_core::{Chain, Context, Error, Genesis, Result};
use iz_proto::{cosmos::epochs::v1beta1::GenesisState, tendermint::abci::ValidatorUpdate};

use super::{keeper, types};

pub struct Epochs;

impl Genesis for Epochs {
    type State = GenesisState;

    fn default_state(_chain: &Chain) -> GenesisState {
        const HOUR: i64 = 60 * 60;
        let epochs = [("day", 24 * HOUR), ("hour", HOUR), ("minute", 60), ("week", 7 * 24 * HOUR)];
        GenesisState { epochs: epochs.map(|(name, seconds)| types::fresh(name, seconds)).to_vec() }
    }

    fn validate(state: &GenesisState, _chain: &Chain) -> Result<()> {
        for (place, epoch) in state.epochs.iter().enumerate() {
            types::validate(epoch)?;
            if state.epochs[..place].iter().any(|earlier| earlier.identifier == epoch.identifier) {
                return Err(Error::plain("epoch identifier should be unique"));
            }
        }
        Ok(())
    }

    fn init(context: &mut Context, state: GenesisState) -> Result<Vec<ValidatorUpdate>> {
        for epoch in state.epochs {
            keeper::add(context, epoch)?;
        }
        Ok(Vec::new())
    }

    fn export(context: &mut Context) -> Result<GenesisState> {
        Ok(GenesisState { epochs: keeper::all(context)? })
    }
}
