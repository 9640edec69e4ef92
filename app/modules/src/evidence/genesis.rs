//! Evidence in a genesis file, in and out.

use iz_core::{Chain, Context, Error, Genesis, Result};
use iz_proto::{cosmos::evidence::v1beta1::GenesisState, tendermint::abci::ValidatorUpdate};

use super::{keeper, types::Equivocation};

pub struct EvidenceGenesis;

impl Genesis for EvidenceGenesis {
    type State = GenesisState;

    fn default_state(_chain: &Chain) -> Self::State {
        GenesisState::default()
    }

    fn validate(state: &Self::State, _chain: &Chain) -> Result<()> {
        read(state)?.iter().try_for_each(Equivocation::validate)
    }

    fn init(context: &mut Context, state: Self::State) -> Result<Vec<ValidatorUpdate>> {
        let all = read(&state)?;
        all.iter()
            .try_for_each(Equivocation::validate)
            .map_err(|error| Error::panic(format!("failed to validate evidence genesis state: {error}")))?;
        for evidence in all {
            if keeper::get(context, &evidence.hash())?.is_some() {
                return Err(Error::panic(format!(
                    "evidence with hash {} already exists",
                    hex::encode_upper(evidence.hash())
                )));
            }
            keeper::set(context, &evidence)?;
        }
        Ok(Vec::new())
    }

    fn export(context: &mut Context) -> Result<Self::State> {
        Ok(GenesisState { evidence: keeper::all(context)? })
    }
}

fn read(state: &GenesisState) -> Result<Vec<Equivocation>> {
    let read = |any| Equivocation::from_any(any)?.ok_or_else(|| Error::plain("expected evidence"));
    state.evidence.iter().map(read).collect()
}
