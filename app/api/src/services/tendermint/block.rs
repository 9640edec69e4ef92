//! Blocks.

use bech32::{Bech32, Hrp};
use iz_proto::cosmos::base::tendermint::v1beta1::{
    Block as SdkBlock, GetBlockByHeightResponse, GetLatestBlockResponse, Header as SdkHeader,
};
use iz_proto::tendermint::types::{Block, Header};
use prost::Message;

use crate::backend::Backend;
use crate::query_service::QueryError;

pub(super) async fn latest(backend: &Backend) -> Result<Vec<u8>, QueryError> {
    let (id, block) = backend.comet.block(None).await?;
    let sdk_block = Some(convert(backend, &block)?);
    Ok(GetLatestBlockResponse { block_id: Some(id), block: Some(block), sdk_block }.encode_to_vec())
}

pub(super) async fn by_height(backend: &Backend, height: i64) -> Result<Vec<u8>, QueryError> {
    let (id, block) = backend.comet.block(Some(height)).await?;
    let sdk_block = Some(convert(backend, &block)?);
    Ok(GetBlockByHeightResponse { block_id: Some(id), block: Some(block), sdk_block }.encode_to_vec())
}

/// The same block, with the proposer's address as text.
fn convert(backend: &Backend, block: &Block) -> Result<SdkBlock, QueryError> {
    let header = block.header.clone().unwrap_or_default();
    Ok(SdkBlock {
        header: Some(convert_header(backend, header)?),
        data: block.data.clone(),
        evidence: block.evidence.clone(),
        last_commit: block.last_commit.clone(),
    })
}

fn convert_header(backend: &Backend, header: Header) -> Result<SdkHeader, QueryError> {
    Ok(SdkHeader {
        proposer_address: consensus_address(backend, &header.proposer_address)?,
        version: header.version,
        chain_id: header.chain_id,
        height: header.height,
        time: header.time,
        last_block_id: header.last_block_id,
        last_commit_hash: header.last_commit_hash,
        data_hash: header.data_hash,
        validators_hash: header.validators_hash,
        next_validators_hash: header.next_validators_hash,
        consensus_hash: header.consensus_hash,
        app_hash: header.app_hash,
        last_results_hash: header.last_results_hash,
        evidence_hash: header.evidence_hash,
    })
}

/// `wasmvalcons1…`
pub(super) fn consensus_address(backend: &Backend, address: &[u8]) -> Result<String, QueryError> {
    if address.is_empty() {
        return Ok(String::new());
    }
    let prefix = format!("{}valcons", backend.node.bech32_prefix);
    let prefix = Hrp::parse(&prefix).map_err(|error| QueryError::internal(error.to_string()))?;
    bech32::encode::<Bech32>(prefix, address).map_err(|error| QueryError::internal(error.to_string()))
}
