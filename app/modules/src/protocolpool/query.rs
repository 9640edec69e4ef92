//! Queries of the community pool.

use iz_core::{Context, Error, GrpcCode, QueryRoute, Result};
use iz_proto::cosmos::protocolpool::v1::{
    QueryCommunityPoolRequest, QueryCommunityPoolResponse, QueryContinuousFundRequest,
    QueryContinuousFundResponse, QueryContinuousFundsRequest, QueryContinuousFundsResponse,
    QueryParamsRequest, QueryParamsResponse,
};

use super::keeper;
use crate::convert;

pub fn routes() -> Vec<QueryRoute> {
    vec![
        QueryRoute::new("/cosmos.protocolpool.v1.Query/CommunityPool", community_pool),
        QueryRoute::new("/cosmos.protocolpool.v1.Query/ContinuousFund", continuous_fund),
        QueryRoute::new("/cosmos.protocolpool.v1.Query/ContinuousFunds", continuous_funds),
        QueryRoute::new("/cosmos.protocolpool.v1.Query/Params", params),
    ]
}

fn community_pool(
    context: &mut Context,
    _request: QueryCommunityPoolRequest,
) -> Result<QueryCommunityPoolResponse> {
    Ok(QueryCommunityPoolResponse { pool: convert::coins_to_proto(&keeper::community_pool(context)?) })
}

fn continuous_fund(
    context: &mut Context,
    request: QueryContinuousFundRequest,
) -> Result<QueryContinuousFundResponse> {
    let recipient = context
        .addresses()
        .parse_account(&request.recipient)
        .map_err(|error| Error::status(GrpcCode::InvalidArgument, format!("invalid address: {error}")))?;
    match keeper::continuous_fund(context, &recipient) {
        Ok(fund) => Ok(QueryContinuousFundResponse { continuous_fund: Some(fund) }),
        Err(error) if error.is_fatal() => Err(error),
        Err(_) => Err(Error::status(GrpcCode::NotFound, format!("not found {}", request.recipient))),
    }
}

fn continuous_funds(
    context: &mut Context,
    _request: QueryContinuousFundsRequest,
) -> Result<QueryContinuousFundsResponse> {
    let funds = keeper::continuous_funds(context)?;
    Ok(QueryContinuousFundsResponse { continuous_funds: funds.into_iter().map(|(_, fund)| fund).collect() })
}

fn params(context: &mut Context, _request: QueryParamsRequest) -> Result<QueryParamsResponse> {
    match keeper::params(context) {
        Ok(params) => Ok(QueryParamsResponse { params: Some(params) }),
        Err(error) if error.is_fatal() => Err(error),
        Err(_) => Err(Error::status(GrpcCode::NotFound, "params not found")),
    }
}
