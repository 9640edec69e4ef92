//! Queries about codes, and where a contract made of one would be.

use iz_core::{Context, Error, QueryRoute, Result, stores};
use iz_modules::pagination;
use iz_proto::cosmwasm::wasm::v1::{
    CodeInfo, CodeInfoResponse, QueryBuildAddressRequest, QueryBuildAddressResponse, QueryCodeInfoRequest,
    QueryCodeInfoResponse, QueryCodeRequest, QueryCodeResponse, QueryCodesRequest, QueryCodesResponse,
    QueryPinnedCodesRequest, QueryPinnedCodesResponse,
};
use prost::Message;

use super::{invalid_argument, page};
use crate::{addresses, errors, json, keeper, keys};

/// What it costs to work out an address.
const ADDRESS_COST: u64 = 10;

pub fn routes() -> Vec<QueryRoute> {
    vec![
        QueryRoute::new("/cosmwasm.wasm.v1.Query/Code", code),
        QueryRoute::new("/cosmwasm.wasm.v1.Query/Codes", codes),
        QueryRoute::new("/cosmwasm.wasm.v1.Query/CodeInfo", code_info),
        QueryRoute::new("/cosmwasm.wasm.v1.Query/PinnedCodes", pinned_codes),
        QueryRoute::new("/cosmwasm.wasm.v1.Query/BuildAddress", build_address),
    ]
}

fn respond(code_id: u64, info: CodeInfo) -> CodeInfoResponse {
    CodeInfoResponse {
        code_id,
        creator: info.creator,
        data_hash: info.code_hash,
        instantiate_permission: info.instantiate_config,
    }
}

fn find(context: &mut Context, code_id: u64) -> Result<CodeInfoResponse> {
    if code_id == 0 {
        return Err(errors::INVALID.wrap("code id"));
    }
    let info = keeper::code_info(context, code_id)?;
    info.map(|info| respond(code_id, info)).ok_or_else(|| errors::no_such_code(code_id))
}

fn code(context: &mut Context, request: QueryCodeRequest) -> Result<QueryCodeResponse> {
    let info = find(context, request.code_id)?;
    let data =
        keeper::byte_code(context, request.code_id).map_err(|error| error.wrap("loading wasm code"))?;
    Ok(QueryCodeResponse { code_info: Some(info), data: data.unwrap_or_default() })
}

fn code_info(context: &mut Context, request: QueryCodeInfoRequest) -> Result<QueryCodeInfoResponse> {
    let info = find(context, request.code_id)?;
    Ok(QueryCodeInfoResponse {
        code_id: info.code_id,
        creator: info.creator,
        checksum: info.data_hash,
        instantiate_permission: info.instantiate_permission,
    })
}

/// The id that a key of the code and pin indices ends with.
fn id_of(key: &[u8]) -> Result<u64> {
    let bytes = <[u8; 8]>::try_from(key).map_err(|_| Error::panic("wasm: a key in the store is damaged"))?;
    Ok(u64::from_be_bytes(bytes))
}

fn codes(context: &mut Context, request: QueryCodesRequest) -> Result<QueryCodesResponse> {
    let page = page(request.pagination)?;
    let mut code_infos = Vec::new();
    let pagination =
        pagination::filtered(context, stores::WASM, &[keys::CODE], Some(&page), |_, key, value, keep| {
            if keep {
                let info = CodeInfo::decode(value).map_err(|error| Error::plain(error.to_string()))?;
                code_infos.push(respond(id_of(key)?, info));
            }
            Ok(true)
        })?;
    Ok(QueryCodesResponse { code_infos, pagination: Some(pagination) })
}

fn pinned_codes(context: &mut Context, request: QueryPinnedCodesRequest) -> Result<QueryPinnedCodesResponse> {
    let page = page(request.pagination)?;
    let mut code_ids = Vec::new();
    let pagination =
        pagination::filtered(context, stores::WASM, &[keys::PINNED], Some(&page), |_, key, _, keep| {
            if keep {
                code_ids.push(id_of(key)?);
            }
            Ok(true)
        })?;
    Ok(QueryPinnedCodesResponse { code_ids, pagination: Some(pagination) })
}

fn build_address(
    context: &mut Context,
    request: QueryBuildAddressRequest,
) -> Result<QueryBuildAddressResponse> {
    let answer = predict(context, &request);
    context.consume_gas(ADDRESS_COST, "build address")?;
    answer
}

fn predict(context: &Context, request: &QueryBuildAddressRequest) -> Result<QueryBuildAddressResponse> {
    let invalid = |what: &str, why: &dyn std::fmt::Display| Error::plain(format!("invalid {what}: {why}"));
    let checksum = hex::decode(&request.code_hash).map_err(|error| invalid("code hash", &error))?;
    let creator = context.addresses().parse_account(&request.creator_address);
    let creator = creator.map_err(|error| invalid("creator address", &error))?;
    let salt = hex::decode(&request.salt).map_err(|error| invalid("salt", &error))?;
    if salt.is_empty() {
        return Err(invalid_argument("empty salt"));
    }
    if !request.init_args.is_empty() && !json::is_valid(&request.init_args) {
        return Err((&errors::INVALID).into());
    }
    let address = addresses::predictable(&checksum, &creator, &salt, &request.init_args)?;
    Ok(QueryBuildAddressResponse { address: context.addresses().account(&address) })
}
