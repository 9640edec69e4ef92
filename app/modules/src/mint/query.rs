//! Queries of the minter.

use iz_core::{Context, QueryRoute, Result};
use iz_proto::cosmos::mint::v1beta1::{
    QueryAnnualProvisionsRequest, QueryAnnualProvisionsResponse, QueryInflationRequest,
    QueryInflationResponse, QueryParamsRequest, QueryParamsResponse,
};

use super::keeper;

pub fn routes() -> Vec<QueryRoute> {
    vec![
        QueryRoute::new("/cosmos.mint.v1beta1.Query/Params", params),
        QueryRoute::new("/cosmos.mint.v1beta1.Query/Inflation", inflation),
        QueryRoute::new("/cosmos.mint.v1beta1.Query/AnnualProvisions", annual_provisions),
    ]
}

fn params(context: &mut Context, _request: QueryParamsRequest) -> Result<QueryParamsResponse> {
    Ok(QueryParamsResponse { params: Some(keeper::params(context)?.to_wire()) })
}

fn inflation(context: &mut Context, _request: QueryInflationRequest) -> Result<QueryInflationResponse> {
    Ok(QueryInflationResponse { inflation: keeper::minter(context)?.inflation.to_wire().into_bytes() })
}

fn annual_provisions(
    context: &mut Context,
    _request: QueryAnnualProvisionsRequest,
) -> Result<QueryAnnualProvisionsResponse> {
    let provisions = keeper::minter(context)?.annual_provisions;
    Ok(QueryAnnualProvisionsResponse { annual_provisions: provisions.to_wire().into_bytes() })
}
