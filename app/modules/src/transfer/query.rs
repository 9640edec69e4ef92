//! Queries about token transfer.

use iz_core::{Context, QueryRoute, Result};
use iz_proto::ibc::applications::transfer::v1::{QueryParamsRequest, QueryParamsResponse};

use super::keeper;

pub fn routes() -> Vec<QueryRoute> {
    vec![QueryRoute::new("/ibc.applications.transfer.v1.Query/Params", params)]
}

fn params(context: &mut Context, _request: QueryParamsRequest) -> Result<QueryParamsResponse> {
    Ok(QueryParamsResponse { params: Some(keeper::params(context)?) })
}
