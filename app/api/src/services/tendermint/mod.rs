//! `cosmos.base.tendermint.v1beta1.Service`: blocks, validators and the node, from CometBFT.

mod block;
mod node_info;
mod validators;

use std::sync::Arc;

use iz_proto::cosmos::base::tendermint::v1beta1::{
    AbciQueryRequest, AbciQueryResponse, GetBlockByHeightRequest, GetLatestValidatorSetRequest,
    GetSyncingResponse, GetValidatorSetByHeightRequest, ProofOp, ProofOps,
};
use iz_proto::tendermint::abci::RequestQuery;
use prost::Message;

use super::{decode, unknown_method};
use crate::backend::{Backend, blocking};
use crate::query_service::QueryError;

const TOO_HIGH: &str = "requested block height is bigger then the chain length";

pub(super) async fn call(backend: &Arc<Backend>, method: &str, data: &[u8]) -> Result<Vec<u8>, QueryError> {
    match method {
        "GetSyncing" => {
            let status = backend.comet.status().await?;
            Ok(GetSyncingResponse { syncing: status.catching_up }.encode_to_vec())
        }
        "GetNodeInfo" => node_info::get(backend).await,
        "GetLatestBlock" => block::latest(backend).await,
        "GetBlockByHeight" => {
            let request: GetBlockByHeightRequest = decode(data)?;
            check_height(backend, request.height).await?;
            block::by_height(backend, request.height).await
        }
        "GetLatestValidatorSet" => {
            let request: GetLatestValidatorSetRequest = decode(data)?;
            validators::latest(backend, request.pagination.as_ref()).await
        }
        "GetValidatorSetByHeight" => {
            let request: GetValidatorSetByHeightRequest = decode(data)?;
            check_height(backend, request.height).await?;
            validators::by_height(backend, request.height, request.pagination.as_ref()).await
        }
        "ABCIQuery" => abci_query(backend, decode(data)?).await,
        _ => Err(unknown_method(method)),
    }
}

async fn check_height(backend: &Backend, height: i64) -> Result<(), QueryError> {
    let latest = backend.comet.status().await?.latest_height;
    if height > latest { Err(QueryError::invalid(TOO_HIGH)) } else { Ok(()) }
}

/// Only what is not a method: those have their own paths.
async fn abci_query(backend: &Arc<Backend>, request: AbciQueryRequest) -> Result<Vec<u8>, QueryError> {
    if request.path.is_empty() {
        return Err(QueryError::invalid("empty query path"));
    }
    let first = request.path.trim_start_matches('/').split('/').next().unwrap_or_default();
    if !matches!(first, "app" | "store" | "p2p" | "custom") {
        return Err(QueryError::invalid(format!("unsupported ABCI query path: {}", request.path)));
    }
    let query = RequestQuery {
        data: request.data.into(),
        path: request.path,
        height: request.height,
        prove: request.prove,
    };
    let backend = backend.clone();
    let answer = blocking(move || backend.app.abci_query(&query)).await?;
    let proof_op =
        |op: iz_proto::tendermint::crypto::ProofOp| ProofOp { r#type: op.r#type, key: op.key, data: op.data };
    Ok(AbciQueryResponse {
        code: answer.code,
        log: answer.log,
        info: answer.info,
        index: answer.index,
        key: answer.key.into(),
        value: answer.value.into(),
        proof_ops: answer.proof_ops.map(|ops| ProofOps { ops: ops.ops.into_iter().map(proof_op).collect() }),
        height: answer.height,
        codespace: answer.codespace,
    }
    .encode_to_vec())
}
