//! Genesis of the genutil module: transactions that make the first validators. The application delivers them, since only it can run
//! transactions; here is what they may be.

use iz_core::{Chain, Context, Error, Genesis, Result};
use iz_proto::{
    cosmos::{genutil::v1beta1::GenesisState, staking::v1beta1::MsgCreateValidator, tx::v1beta1::Tx},
    json,
};
use prost::Name;
use tendermint_proto::v0_38::abci::ValidatorUpdate;

pub struct GenutilGenesis;

impl Genesis for GenutilGenesis {
    type State = GenesisState;

    fn default_state(_: &Chain) -> Self::State {
        GenesisState::default()
    }

    fn validate(state: &Self::State, _: &Chain) -> Result<()> {
        state.gen_txs.iter().try_for_each(|transaction| validate(transaction))
    }

    fn init(_: &mut Context, state: Self::State) -> Result<Vec<ValidatorUpdate>> {
        if state.gen_txs.is_empty() {
            return Ok(Vec::new());
        }
        Err(Error::plain("genesis transactions are for the application to deliver"))
    }

    /// What they made is in the other modules' states by now.
    fn export(_: &mut Context) -> Result<Self::State> {
        Ok(GenesisState::default())
    }
}

/// A genesis transaction, as JSON, has one message, which makes a validator.
pub fn validate(transaction: &[u8]) -> Result<()> {
    let text = String::from_utf8_lossy(transaction);
    let tx: Tx = json::from_str(&text)
        .map_err(|error| Error::plain(format!("failed to decode gentx: {text}, error: {error}")))?;
    let messages = tx.body.unwrap_or_default().messages;
    let [message] = messages.as_slice() else {
        return Err(Error::plain(format!(
            "unexpected number of GenTx messages; got: {}, expected: 1",
            messages.len()
        )));
    };
    if message.type_url != MsgCreateValidator::type_url() {
        return Err(Error::plain(format!(
            "unexpected GenTx message type; expected: MsgCreateValidator, got: {}",
            message.type_url
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_genesis_transaction_makes_one_validator() {
        let transaction = |messages: &str| format!("{{\"body\":{{\"messages\":[{messages}]}}}}").into_bytes();
        let log = |messages: &str| validate(&transaction(messages)).unwrap_err().log().to_owned();
        let create = "{\"@type\":\"/cosmos.staking.v1beta1.MsgCreateValidator\"}";
        validate(&transaction(create)).unwrap();
        assert_eq!(log(""), "unexpected number of GenTx messages; got: 0, expected: 1");
        assert_eq!(
            log("{\"@type\":\"/cosmos.bank.v1beta1.MsgSend\"}"),
            "unexpected GenTx message type; expected: MsgCreateValidator, got: /cosmos.bank.v1beta1.MsgSend"
        );
        assert!(validate(b"{").unwrap_err().log().starts_with("failed to decode gentx: {, error: "));
    }

    #[test]
    fn the_section_of_a_fresh_chain_is_an_empty_list() {
        assert_eq!(json::to_string(&GenesisState::default()).unwrap(), "{\"gen_txs\":[]}");
        let text = "{\"gen_txs\":[{\"body\":{\"messages\":[]}}]}";
        let state: GenesisState = json::from_str(text).unwrap();
        assert_eq!(state.gen_txs, [b"{\"body\":{\"messages\":[]}}"]);
    }
}
