//! `cosmos.base.node.v1beta1.Service`: the operator's settings and the newest block.

use iz_proto::cosmos::base::node::v1beta1::{ConfigResponse, StatusResponse};
use prost::Message;

use super::unknown_method;
use crate::backend::Backend;
use crate::query_service::{Head, QueryError};

pub(super) fn call(backend: &Backend, method: &str, head: &Head) -> Result<Vec<u8>, QueryError> {
    let node = &backend.node;
    match method {
        "Config" => Ok(ConfigResponse {
            minimum_gas_price: node.minimum_gas_prices.clone(),
            pruning_keep_recent: node.pruning_keep_recent.clone(),
            pruning_interval: node.pruning_interval.clone(),
            halt_height: node.halt_height,
        }
        .encode_to_vec()),
        "Status" => Ok(StatusResponse {
            earliest_store_height: 0,
            height: u64::try_from(head.height).unwrap_or_default(),
            timestamp: Some(head.time),
            app_hash: head.app_hash.clone(),
            validator_hash: head.next_validators_hash.clone(),
        }
        .encode_to_vec()),
        _ => Err(unknown_method(method)),
    }
}
