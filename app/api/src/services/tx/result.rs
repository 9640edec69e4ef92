//! Results of transactions, from CometBFT's JSON.

use std::sync::Arc;

use bytes::Bytes;
use iz_proto::Any;
use iz_proto::cosmos::base::abci::v1beta1::TxResponse;
use iz_proto::cosmos::tx::v1beta1::Tx;
use iz_proto::tendermint::types::Block;
use prost::{Message, Name};
use serde_json::Value;

use super::coding;
use crate::backend::Backend;
use crate::comet::{bytes, events, integer, string};
use crate::query_service::QueryError;

/// A result of `tx` or `tx_search`, its transaction checked.
pub(super) async fn result(
    backend: &Arc<Backend>,
    found: &Value,
    block: &Block,
) -> Result<(Vec<u8>, TxResponse), QueryError> {
    let transaction = bytes(found, "tx");
    coding::check(backend, Bytes::from(transaction.clone())).await?;
    let outcome = &found["tx_result"];
    let time = block.header.as_ref().and_then(|header| header.time).unwrap_or_default();
    let response = TxResponse {
        height: integer(found, "height"),
        txhash: string(found, "hash"),
        codespace: string(outcome, "codespace"),
        code: u32::try_from(integer(outcome, "code")).unwrap_or_default(),
        data: hex::encode_upper(bytes(outcome, "data")),
        raw_log: string(outcome, "log"),
        logs: Vec::new(),
        info: string(outcome, "info"),
        gas_wanted: integer(outcome, "gas_wanted"),
        gas_used: integer(outcome, "gas_used"),
        tx: Some(Any { type_url: Tx::type_url(), value: transaction.clone() }),
        timestamp: iz_proto::time::format_rfc3339_nano(time.seconds, 0).unwrap_or_default(),
        events: events(&outcome["events"]),
    };
    Ok((transaction, response))
}

/// Appends a message that is at hand as bytes.
pub(super) fn put(out: &mut Vec<u8>, number: u32, message: &impl Message) {
    iz_proto::wire::put_bytes(out, number, &message.encode_to_vec());
}
