//! A block and its transactions.

use std::sync::Arc;

use bytes::Bytes;
use iz_proto::cosmos::base::query::v1beta1::PageResponse;
use iz_proto::cosmos::tx::v1beta1::GetBlockWithTxsRequest;
use iz_proto::wire;

use super::{coding, result};
use crate::backend::Backend;
use crate::query_service::{Head, QueryError};

/// The most transactions of one answer, whatever is asked for.
const LIMIT: u64 = 100;

pub(super) async fn get(
    backend: &Arc<Backend>,
    request: GetBlockWithTxsRequest,
    head: &Head,
) -> Result<Vec<u8>, QueryError> {
    if request.height < 1 || request.height > head.height {
        return Err(QueryError::unknown(format!(
            "codespace sdk code 26: invalid height: requested height {} but height must not be less than 1 or greater \
             than the current height {}",
            request.height, head.height
        )));
    }
    let (id, block) = backend.comet.block(Some(request.height)).await?;
    let txs = block.data.as_ref().map(|data| data.txs.as_slice()).unwrap_or_default();
    let total = txs.len() as u64;
    let (offset, limit, reverse) = match &request.pagination {
        Some(page) => (page.offset, page.limit.min(LIMIT), page.reverse),
        None => (0, LIMIT, false),
    };
    if offset >= total && total != 0 {
        return Err(QueryError::unknown(format!(
            "codespace sdk code 18: invalid request: out of range: cannot paginate {total} txs with offset {offset} and \
             limit {limit}"
        )));
    }
    // Backwards Go never comes to the first transaction.
    let wanted: Vec<u64> = if reverse {
        (1..=offset).rev().take(limit as usize).collect()
    } else {
        (offset..total).take(limit as usize).collect()
    };
    let mut out = Vec::new();
    for index in wanted {
        let Some(tx) = usize::try_from(index).ok().and_then(|index| txs.get(index)) else { continue };
        if coding::check(backend, Bytes::from(tx.clone())).await.is_ok() {
            wire::put_bytes(&mut out, 1, tx);
        }
    }
    result::put(&mut out, 2, &id);
    result::put(&mut out, 3, &block);
    result::put(&mut out, 4, &PageResponse { next_key: Vec::new(), total });
    Ok(out)
}
