//! Validator sets.

use iz_proto::Any;
use iz_proto::cosmos::base::query::v1beta1::{PageRequest, PageResponse};
use iz_proto::cosmos::base::tendermint::v1beta1::{
    GetLatestValidatorSetResponse, GetValidatorSetByHeightResponse, Validator,
};
use iz_proto::cosmos::crypto::{ed25519, secp256k1};
use prost::{Message, Name};
use serde_json::{Value, json};

use super::block::consensus_address;
use crate::backend::Backend;
use crate::comet::{bytes, hex, integer};
use crate::query_service::QueryError;

pub(super) async fn latest(backend: &Backend, page: Option<&PageRequest>) -> Result<Vec<u8>, QueryError> {
    Ok(get(backend, None, page).await?.encode_to_vec())
}

pub(super) async fn by_height(
    backend: &Backend,
    height: i64,
    page: Option<&PageRequest>,
) -> Result<Vec<u8>, QueryError> {
    let set = get(backend, Some(height), page).await?;
    Ok(GetValidatorSetByHeightResponse {
        block_height: set.block_height,
        validators: set.validators,
        pagination: set.pagination,
    }
    .encode_to_vec())
}

async fn get(
    backend: &Backend,
    height: Option<i64>,
    page: Option<&PageRequest>,
) -> Result<GetLatestValidatorSetResponse, QueryError> {
    let offset = page.map_or(0, |page| page.offset);
    let limit = page.map(|page| page.limit).filter(|limit| *limit > 0).unwrap_or(100);
    let mut parameters = json!({"page": (offset / limit + 1).to_string(), "per_page": limit.to_string()});
    if let Some(height) = height {
        parameters["height"] = height.to_string().into();
    }
    let answer = backend.comet.call("validators", parameters).await?;
    let validators = answer["validators"].as_array().map(Vec::as_slice).unwrap_or_default();
    Ok(GetLatestValidatorSetResponse {
        block_height: integer(&answer, "block_height"),
        validators: validators.iter().map(|value| validator(backend, value)).collect::<Result<_, _>>()?,
        pagination: Some(PageResponse {
            next_key: Vec::new(),
            total: u64::try_from(integer(&answer, "total")).unwrap_or_default(),
        }),
    })
}

fn validator(backend: &Backend, value: &Value) -> Result<Validator, QueryError> {
    let key = bytes(&value["pub_key"], "value");
    let pub_key = match value["pub_key"]["type"].as_str() {
        Some("tendermint/PubKeySecp256k1") => {
            Any { type_url: secp256k1::PubKey::type_url(), value: secp256k1::PubKey { key }.encode_to_vec() }
        }
        _ => Any { type_url: ed25519::PubKey::type_url(), value: ed25519::PubKey { key }.encode_to_vec() },
    };
    Ok(Validator {
        address: consensus_address(backend, &hex(value, "address"))?,
        pub_key: Some(pub_key),
        voting_power: integer(value, "voting_power"),
        proposer_priority: integer(value, "proposer_priority"),
    })
}
