//! Queries of the consensus parameters.

use iz_core::{Context, Error, GrpcCode, QueryRoute, Result};
use iz_proto::cosmos::consensus::v1::{QueryParamsRequest, QueryParamsResponse};

use super::keeper;

pub fn routes() -> Vec<QueryRoute> {
    vec![QueryRoute::new("/cosmos.consensus.v1.Query/Params", params)]
}

fn params(context: &mut Context, _: QueryParamsRequest) -> Result<QueryParamsResponse> {
    let params = keeper::params(context).map_err(|error| Error::status(GrpcCode::Internal, error))?;
    Ok(QueryParamsResponse { params: Some(params) })
}
