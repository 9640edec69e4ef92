//! Token transfer at genesis.

use std::collections::BTreeSet;

use iz_core::{Chain, Context, Error, Genesis, Result};
use iz_proto::ibc::applications::transfer::v1::{GenesisState, Params};
use tendermint_proto::v0_38::abci::ValidatorUpdate;

use super::{NAME, denom, keeper};
use crate::{
    convert::{coins_from_proto, coins_to_proto},
    ibc::identifiers,
};

pub struct TransferGenesis;

impl Genesis for TransferGenesis {
    type State = GenesisState;

    fn default_state(_chain: &Chain) -> GenesisState {
        GenesisState {
            port_id: NAME.to_owned(),
            params: Some(Params { send_enabled: true, receive_enabled: true }),
            ..GenesisState::default()
        }
    }

    fn validate(state: &GenesisState, _chain: &Chain) -> Result<()> {
        identifiers::validate_port(&state.port_id)?;
        let mut seen = BTreeSet::new();
        for denom in &state.denoms {
            if !seen.insert(denom::hash(denom)) {
                return Err(Error::plain(format!(
                    "duplicated denomination with hash {}",
                    hex::encode_upper(denom::hash(denom))
                )));
            }
            if denom.base.trim().is_empty() {
                return Err(Error::plain("base denomination cannot be blank"));
            }
            for hop in &denom.trace {
                identifiers::validate_port(&hop.port_id)?;
                identifiers::validate_channel(&hop.channel_id)?;
            }
        }
        coins_from_proto(&state.total_escrowed)?.validate()
    }

    fn init(context: &mut Context, state: GenesisState) -> Result<Vec<ValidatorUpdate>> {
        keeper::set_port(context, &state.port_id)?;
        for denom in &state.denoms {
            keeper::set_denom(context, denom)?;
        }
        keeper::set_params(context, &state.params.unwrap_or_default())?;
        for coin in &coins_from_proto(&state.total_escrowed)? {
            keeper::set_escrow(context, coin)?;
        }
        Ok(Vec::new())
    }

    fn export(context: &mut Context) -> Result<GenesisState> {
        Ok(GenesisState {
            port_id: keeper::port(context)?,
            denoms: keeper::denoms(context)?,
            params: Some(keeper::params(context)?),
            total_escrowed: coins_to_proto(&keeper::escrows(context)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use iz_core::{Coin, Coins};
    use iz_proto::ibc::applications::transfer::v1::{Denom, Hop};

    use super::*;
    use crate::{bank::keeper as bank, testing};

    #[test]
    fn genesis_comes_out_as_it_went_in_and_the_bank_knows_the_names() {
        let mut context = testing::context();
        let trace = vec![Hop { port_id: "transfer".into(), channel_id: "channel-0".into() }];
        let denom = Denom { base: "uatom".into(), trace };
        let state = GenesisState {
            denoms: vec![denom.clone()],
            total_escrowed: coins_to_proto(&Coins::one(Coin::new("stake", 5))),
            ..TransferGenesis::default_state(&context.chain)
        };
        TransferGenesis::validate(&state, &context.chain).unwrap();
        TransferGenesis::init(&mut context, state.clone()).unwrap();
        assert_eq!(TransferGenesis::export(&mut context).unwrap(), state);
        let metadata = bank::metadata(&mut context, &denom::short_name(&denom)).unwrap().unwrap();
        assert_eq!(metadata.symbol, "UATOM");
    }
}
