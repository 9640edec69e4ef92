//! Broadcasting, over CometBFT's RPC.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use iz_proto::cosmos::base::abci::v1beta1::TxResponse;
use iz_proto::cosmos::tx::v1beta1::{BroadcastMode, BroadcastTxRequest, BroadcastTxResponse};
use prost::Message;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::backend::Backend;
use crate::comet::{integer, string};
use crate::query_service::QueryError;

pub(super) async fn broadcast(
    backend: &Arc<Backend>,
    request: BroadcastTxRequest,
) -> Result<Vec<u8>, QueryError> {
    if request.tx_bytes.is_empty() {
        return Err(QueryError::invalid("invalid empty tx"));
    }
    let method = match BroadcastMode::try_from(request.mode) {
        Ok(BroadcastMode::Sync) => "broadcast_tx_sync",
        Ok(BroadcastMode::Async) => "broadcast_tx_async",
        _ => {
            return Err(QueryError::unknown(
                "unsupported return type unspecified; supported types: sync, async",
            ));
        }
    };
    let parameters = json!({"tx": STANDARD.encode(&request.tx_bytes)});
    let tx_response = match backend.comet.call(method, parameters).await {
        Ok(answer) => TxResponse {
            code: u32::try_from(integer(&answer, "code")).unwrap_or_default(),
            codespace: string(&answer, "codespace"),
            data: string(&answer, "data"),
            raw_log: string(&answer, "log"),
            txhash: string(&answer, "hash"),
            ..TxResponse::default()
        },
        Err(error) => {
            let Some(code) = refusal(&error.0) else { return Err(error.into()) };
            TxResponse {
                code,
                codespace: "sdk".to_owned(),
                txhash: hex::encode_upper(Sha256::digest(&request.tx_bytes)),
                ..TxResponse::default()
            }
        }
    };
    Ok(BroadcastTxResponse { tx_response: Some(tx_response) }.encode_to_vec())
}

/// What the mempool refuses before the application sees it has codes of its own.
fn refusal(error: &str) -> Option<u32> {
    let error = error.to_lowercase();
    [("tx already exists in cache", 19), ("mempool is full", 20), ("tx too large", 21)]
        .into_iter()
        .find(|(text, _)| error.contains(text))
        .map(|(_, code)| code)
}

#[cfg(test)]
mod tests {
    #[test]
    fn refusals_of_the_mempool_have_codes() {
        assert_eq!(super::refusal("RPC error -32603 - Internal error: tx already exists in cache"), Some(19));
        assert_eq!(super::refusal("Mempool is full: 1"), Some(20));
        assert_eq!(super::refusal("other"), None);
    }
}
