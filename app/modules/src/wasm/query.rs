//! Queries about contracts.

use iz_core::{Context, QueryRoute, Result};
use iz_proto::cosmwasm::wasm::v1::{QueryParamsRequest, QueryParamsResponse};

use super::params;

pub fn routes() -> Vec<QueryRoute> {
    vec![QueryRoute::new("/cosmwasm.wasm.v1.Query/Params", parameters)]
}

fn parameters(context: &mut Context, _request: QueryParamsRequest) -> Result<QueryParamsResponse> {
    Ok(QueryParamsResponse { params: Some(params::get(context)?) })
}
