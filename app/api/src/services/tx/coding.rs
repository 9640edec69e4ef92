//! Transactions between their bytes and their parts.

use std::sync::Arc;

use bytes::Bytes;
use iz_proto::cosmos::tx::v1beta1::{TxDecodeRequest, TxEncodeRequest, TxEncodeResponse};
use iz_proto::wire;
use prost::Message;

use crate::backend::{Backend, blocking};
use crate::query_service::QueryError;

/// A transaction's bytes are the bytes of its type: body, signers' part and signatures under the same numbers. So it is
/// checked, and handed on as it came.
pub(super) async fn decode(backend: &Arc<Backend>, request: TxDecodeRequest) -> Result<Vec<u8>, QueryError> {
    if request.tx_bytes.is_empty() {
        return Err(QueryError::invalid("invalid empty tx bytes"));
    }
    let transaction = Bytes::from(request.tx_bytes);
    check(backend, transaction.clone()).await?;
    let mut response = Vec::with_capacity(transaction.len() + 8);
    wire::put_bytes(&mut response, 1, &transaction);
    Ok(response)
}

pub(super) fn encode(request: TxEncodeRequest, data: &[u8]) -> Result<Vec<u8>, QueryError> {
    if request.tx.is_none() {
        return Err(QueryError::invalid("invalid empty tx"));
    }
    Ok(TxEncodeResponse { tx_bytes: field(data, 1) }.encode_to_vec())
}

/// Whether the node can decode a transaction.
pub(super) async fn check(backend: &Arc<Backend>, transaction: Bytes) -> Result<(), QueryError> {
    let backend = backend.clone();
    blocking(move || backend.app.decode(&transaction)).await?
}

/// The bytes of a message's field, pieces joined.
pub(super) fn field(data: &[u8], number: u32) -> Vec<u8> {
    let mut reader = wire::Reader::new(data);
    let mut joined = Vec::new();
    while let Ok(Some((found, value))) = reader.field() {
        if let (true, wire::Value::Bytes(bytes)) = (found == number, value) {
            joined.extend_from_slice(bytes);
        }
    }
    joined
}
