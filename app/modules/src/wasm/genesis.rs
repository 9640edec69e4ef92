//! Contracts at genesis: parameters and the ids that come next.

use iz_core::{Chain, Context, Error, Genesis, Result, stores};
use iz_proto::cosmwasm::wasm::v1::{GenesisState, Sequence};
use tendermint_proto::v0_38::abci::ValidatorUpdate;

use super::{keys, params};
use crate::unsupported::require_empty;

pub struct WasmGenesis;

impl Genesis for WasmGenesis {
    type State = GenesisState;

    fn default_state(_chain: &Chain) -> GenesisState {
        GenesisState { params: Some(params::default()), ..GenesisState::default() }
    }

    fn validate(state: &GenesisState, chain: &Chain) -> Result<()> {
        params::validate(&state.params.clone().unwrap_or_default(), chain)
            .map_err(|error| error.wrap("params"))?;
        require_empty("contract code", &state.codes)?;
        require_empty("contracts", &state.contracts)?;
        match state.sequences.iter().position(|sequence| sequence.id_key.is_empty()) {
            Some(place) => Err(Error::plain(format!("sequence: {place}: id key: empty"))),
            None => Ok(()),
        }
    }

    fn init(context: &mut Context, state: GenesisState) -> Result<Vec<ValidatorUpdate>> {
        Self::validate(&state, &context.chain)?;
        params::set(context, &state.params.unwrap_or_default())?;
        for (place, Sequence { id_key, value }) in state.sequences.into_iter().enumerate() {
            if context.has(stores::WASM, &id_key)? {
                return Err(Error::plain(format!(
                    "sequence number {place}: autoincrement id: {}: duplicate",
                    String::from_utf8_lossy(&id_key)
                )));
            }
            context.set(stores::WASM, id_key, value.to_be_bytes().to_vec())?;
        }
        if next(context, keys::CODE_SEQUENCE)? == 0 {
            return Err(Error::plain("seq \u{4}lastCodeId with value: 0 must be greater than: 0 : invalid"));
        }
        Ok(Vec::new())
    }

    fn export(context: &mut Context) -> Result<GenesisState> {
        let mut sequences = Vec::new();
        for key in [keys::CODE_SEQUENCE, keys::CONTRACT_SEQUENCE] {
            sequences.push(Sequence { id_key: key.to_vec(), value: next(context, key)? });
        }
        Ok(GenesisState { params: Some(params::get(context)?), sequences, ..GenesisState::default() })
    }
}

/// The next id of a sequence: the first is 1.
fn next(context: &mut Context, key: &[u8]) -> Result<u64> {
    let Some(bytes) = context.get(stores::WASM, key)? else { return Ok(1) };
    let bytes = <[u8; 8]>::try_from(&bytes[..]);
    Ok(u64::from_be_bytes(bytes.map_err(|_| Error::panic("wasm: a sequence in the store is damaged"))?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn genesis_comes_out_with_its_sequences() {
        let mut context = testing::context();
        let state = WasmGenesis::default_state(&context.chain);
        WasmGenesis::init(&mut context, state.clone()).unwrap();
        let exported = WasmGenesis::export(&mut context).unwrap();
        assert_eq!(exported.params, state.params);
        assert_eq!(exported.sequences.iter().map(|sequence| sequence.value).collect::<Vec<_>>(), [1, 1]);
        let mut context = testing::context();
        WasmGenesis::init(&mut context, exported.clone()).unwrap();
        assert_eq!(WasmGenesis::export(&mut context).unwrap(), exported);
    }
}
