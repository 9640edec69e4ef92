//! Slashing in a genesis file, in and out.

use iz_core::{Chain, Context, Genesis, Result};
use iz_proto::{
    cosmos::slashing::v1beta1::{GenesisState, SigningInfo as WireInfo, ValidatorMissedBlocks},
    tendermint::abci::ValidatorUpdate,
};

use super::{
    keeper,
    types::{Params, SigningInfo},
};
use crate::staking;

pub struct SlashingGenesis;

impl Genesis for SlashingGenesis {
    type State = GenesisState;

    fn default_state(_chain: &Chain) -> Self::State {
        GenesisState { params: Some(Params::fresh().to_wire()), ..GenesisState::default() }
    }

    fn validate(state: &Self::State, _chain: &Chain) -> Result<()> {
        Params::from_wire(&state.params.clone().unwrap_or_default())?.check_genesis()
    }

    fn init(context: &mut Context, state: Self::State) -> Result<Vec<ValidatorUpdate>> {
        staking::keeper::iterate_validators(context, |context, validator| {
            let key = validator.consensus_key()?;
            keeper::add_public_key(context, &key.address()?, &key.to_any())?;
            Ok(false)
        })?;
        for wire in state.signing_infos {
            let address = context.addresses().parse_consensus(&wire.address)?;
            let info = SigningInfo::from_wire(wire.validator_signing_info.unwrap_or_default());
            keeper::set_signing_info(context, &address, info)?;
        }
        for wire in state.missed_blocks {
            let address = context.addresses().parse_consensus(&wire.address)?;
            for block in wire.missed_blocks {
                keeper::set_block_missed(context, &address, block.index, block.missed)?;
            }
        }
        let params = Params::from_wire(&state.params.unwrap_or_default())?;
        keeper::set_params(context, &params)?;
        Ok(Vec::new())
    }

    fn export(context: &mut Context) -> Result<Self::State> {
        let params = keeper::get_params(context)?.to_wire();
        let mut state = GenesisState { params: Some(params), ..GenesisState::default() };
        for (consensus, info) in keeper::all_signing_infos(context)? {
            let address = context.addresses().consensus(&consensus);
            let missed_blocks = keeper::missed_blocks(context, &consensus)?;
            state
                .signing_infos
                .push(WireInfo { address: address.clone(), validator_signing_info: Some(info.into_wire()) });
            state.missed_blocks.push(ValidatorMissedBlocks { address, missed_blocks });
        }
        Ok(state)
    }
}
