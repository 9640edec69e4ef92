//! Finding transactions.

use std::collections::BTreeMap;
use std::sync::Arc;

use iz_proto::cosmos::tx::v1beta1::{GetTxRequest, GetTxsEventRequest, OrderBy};
use iz_proto::wire;
use serde_json::json;

use super::result::{put, result};
use crate::backend::Backend;
use crate::comet::integer;
use crate::query_service::{QueryError, code};

/// `GetTx`
pub(super) async fn get(backend: &Arc<Backend>, request: GetTxRequest) -> Result<Vec<u8>, QueryError> {
    if request.hash.is_empty() {
        return Err(QueryError::invalid("tx hash cannot be empty"));
    }
    let hash = hex::decode(&request.hash)
        .map_err(|error| QueryError::unknown(go_hex_error(&request.hash, error)))?;
    let found = match backend.comet.transaction(&hash).await {
        Ok(found) => found,
        Err(error) if error.0.contains("not found") => {
            return Err(QueryError::new(code::NOT_FOUND, format!("tx not found: {}", request.hash)));
        }
        Err(error) => return Err(error.into()),
    };
    let (_, block) = backend.comet.block(Some(integer(&found, "height"))).await?;
    let (transaction, response) = result(backend, &found, &block).await?;
    let mut out = Vec::new();
    wire::put_bytes(&mut out, 1, &transaction);
    put(&mut out, 2, &response);
    Ok(out)
}

fn go_hex_error(text: &str, error: hex::FromHexError) -> String {
    match error {
        hex::FromHexError::InvalidHexCharacter { c, .. } => {
            format!("encoding/hex: invalid byte: U+{:04X} {c:?}", u32::from(c))
        }
        // Go looks at the digits before it looks at their number.
        _ => match text.chars().find(|character| !character.is_ascii_hexdigit()) {
            Some(bad) => format!("encoding/hex: invalid byte: U+{:04X} {bad:?}", u32::from(bad)),
            None => "encoding/hex: odd length hex string".to_owned(),
        },
    }
}

/// `GetTxsEvent`
pub(super) async fn find(backend: &Arc<Backend>, request: GetTxsEventRequest) -> Result<Vec<u8>, QueryError> {
    if request.query.is_empty() {
        return Err(QueryError::internal("query cannot be empty"));
    }
    let page = request.page.max(1);
    let limit = if request.limit == 0 { 100 } else { request.limit };
    let order = match OrderBy::try_from(request.order_by) {
        Ok(OrderBy::Asc) => "asc",
        Ok(OrderBy::Desc) => "desc",
        _ => "",
    };
    let parameters = json!({
        "query": request.query,
        "prove": false,
        "page": page.to_string(),
        "per_page": limit.to_string(),
        "order_by": order,
    });
    let answer = backend
        .comet
        .call("tx_search", parameters)
        .await
        .map_err(|error| QueryError::internal(format!("failed to search for txs: {}", error.0)))?;
    let internal = |error: QueryError| QueryError::internal(error.message);
    let mut blocks = BTreeMap::new();
    let (mut transactions, mut responses) = (Vec::new(), Vec::new());
    for found in answer["txs"].as_array().into_iter().flatten() {
        let height = integer(found, "height");
        let block = match blocks.entry(height) {
            std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::btree_map::Entry::Vacant(entry) => {
                let (_, block) =
                    backend.comet.block(Some(height)).await.map_err(|error| internal(error.into()))?;
                entry.insert(block)
            }
        };
        let (transaction, response) = result(backend, found, block).await.map_err(internal)?;
        wire::put_bytes(&mut transactions, 1, &transaction);
        put(&mut responses, 2, &response);
    }
    transactions.append(&mut responses);
    let total = u64::try_from(integer(&answer, "total_count")).unwrap_or_default();
    if total != 0 {
        wire::put_tag(&mut transactions, 4, wire::VARINT);
        wire::put_varint(&mut transactions, total);
    }
    Ok(transactions)
}
