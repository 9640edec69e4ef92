//! Groups at genesis: the sequences of their ids.

use iz_core::{Chain, Context, Error, Genesis, Result, stores};
use iz_proto::cosmos::group::v1::GenesisState;
use tendermint_proto::v0_38::abci::ValidatorUpdate;

use super::keys;
use crate::unsupported::require_empty;

pub struct GroupGenesis;

impl Genesis for GroupGenesis {
    type State = GenesisState;

    fn default_state(_chain: &Chain) -> GenesisState {
        GenesisState::default()
    }

    fn validate(state: &GenesisState, _chain: &Chain) -> Result<()> {
        require_empty("groups", &state.groups)?;
        require_empty("members of groups", &state.group_members)?;
        require_empty("group policies", &state.group_policies)?;
        require_empty("proposals of groups", &state.proposals)?;
        require_empty("votes of groups", &state.votes)
    }

    fn init(context: &mut Context, state: GenesisState) -> Result<Vec<ValidatorUpdate>> {
        Self::validate(&state, &context.chain)?;
        let sequences = [
            (keys::GROUP_SEQUENCE, state.group_seq),
            (keys::POLICY_SEQUENCE, state.group_policy_seq),
            (keys::PROPOSAL_SEQUENCE, state.proposal_seq),
        ];
        for (key, value) in sequences {
            context.set(stores::GROUP, key.to_vec(), value.to_be_bytes().to_vec())?;
        }
        Ok(Vec::new())
    }

    fn export(context: &mut Context) -> Result<GenesisState> {
        Ok(GenesisState {
            group_seq: sequence(context, keys::GROUP_SEQUENCE)?,
            group_policy_seq: sequence(context, keys::POLICY_SEQUENCE)?,
            proposal_seq: sequence(context, keys::PROPOSAL_SEQUENCE)?,
            ..GenesisState::default()
        })
    }
}

fn sequence(context: &mut Context, key: &[u8]) -> Result<u64> {
    let Some(bytes) = context.get(stores::GROUP, key)? else { return Ok(0) };
    let bytes = <[u8; 8]>::try_from(&bytes[..]);
    Ok(u64::from_be_bytes(bytes.map_err(|_| Error::panic("group: a sequence in the store is damaged"))?))
}
