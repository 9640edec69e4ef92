//! `cosmos.tx.v1beta1.Service`: simulating, broadcasting and finding transactions.

mod amino;
mod block;
mod broadcast;
mod coding;
mod result;
mod search;
mod simulate;

use std::sync::Arc;

use super::{decode, unknown_method};
use crate::backend::Backend;
use crate::query_service::{Head, QueryError};

pub(super) async fn call(
    backend: &Arc<Backend>,
    method: &str,
    data: &[u8],
    head: &Head,
) -> Result<Vec<u8>, QueryError> {
    match method {
        "Simulate" => simulate::simulate(backend, decode(data)?, data).await,
        "GetTx" => search::get(backend, decode(data)?).await,
        "GetTxsEvent" => search::find(backend, decode(data)?).await,
        "BroadcastTx" => broadcast::broadcast(backend, decode(data)?).await,
        "GetBlockWithTxs" => block::get(backend, decode(data)?, head).await,
        "TxDecode" => coding::decode(backend, decode(data)?).await,
        "TxEncode" => coding::encode(decode(data)?, data),
        "TxEncodeAmino" => amino::encode(decode(data)?),
        "TxDecodeAmino" => amino::decode(decode(data)?),
        _ => Err(unknown_method(method)),
    }
}
