//! Genesis transactions: the first validators declare themselves before the first block, by transactions that must not fail.

use bytes::Bytes;
use iz_core::{Context, Error, Mode, Result};
use iz_modules::staking;
use iz_proto::{cosmos::tx::v1beta1::Tx, json};
use prost::Message;
use serde::Deserialize;
use serde_json::value::RawValue;
use tendermint_proto::v0_38::abci::ValidatorUpdate;

use super::Application;

/// The section of a genesis file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    #[serde(default)]
    gen_txs: Option<Vec<Box<RawValue>>>,
}

impl Application {
    pub(super) fn deliver_genesis_transactions(
        &self,
        context: &mut Context,
        section: &RawValue,
    ) -> Result<Vec<ValidatorUpdate>> {
        let section: Section =
            serde_json::from_str(section.get()).map_err(|error| Error::plain(error.to_string()))?;
        let transactions = section.gen_txs.unwrap_or_default();
        if transactions.is_empty() {
            return Ok(Vec::new());
        }
        for transaction in &transactions {
            self.deliver(context, &encode(transaction.get())?)?;
        }
        context.mode = Mode::Genesis;
        staking::keeper::apply_and_return_validator_set_updates(context)
    }

    fn deliver(&self, context: &mut Context, bytes: &Bytes) -> Result<()> {
        let tx = iz_tx::CheckedTx::decode(bytes, &self.chain)?;
        context.mode = Mode::Finalize;
        let outcome = iz_tx::run(context, &tx, &iz_tx::Verified::default(), &self.settings.ante, None);
        outcome
            .result
            .map(|_| ())
            .map_err(|error| error.obscure(|log| format!("failed to deliver genesis transaction: {log}")))
    }
}

/// A transaction from its JSON, as bytes.
fn encode(text: &str) -> Result<Bytes> {
    let bytes = json::decode(&<Tx as prost::Name>::full_name(), text)
        .map_err(|error| Error::plain(error.to_string()))?;
    let tx = Tx::decode(&*bytes).map_err(|error| Error::plain(error.to_string()))?;
    let raw = iz_proto::cosmos::tx::v1beta1::TxRaw {
        body_bytes: tx.body.unwrap_or_default().encode_to_vec().into(),
        auth_info_bytes: tx.auth_info.unwrap_or_default().encode_to_vec().into(),
        signatures: tx.signatures.into_iter().map(Bytes::from).collect(),
    };
    Ok(raw.encode_to_vec().into())
}
