//! Queries of fees.

use iz_core::{Coin, Context, Error, GrpcCode, Int, QueryRoute, Result};
use iz_proto::infinitezero::fees::v1::{
    QueryBurnedRequest, QueryBurnedResponse, QueryParamsRequest, QueryParamsResponse, QueryPricesRequest,
    QueryPricesResponse,
};

use super::keeper;
use crate::{bank, convert::coin_to_proto};

pub fn routes() -> Vec<QueryRoute> {
    vec![
        QueryRoute::new("/infinitezero.fees.v1.Query/Params", params),
        QueryRoute::new("/infinitezero.fees.v1.Query/Burned", burned),
        QueryRoute::new("/infinitezero.fees.v1.Query/Prices", prices),
    ]
}

fn params(context: &mut Context, _request: QueryParamsRequest) -> Result<QueryParamsResponse> {
    keeper::require_enabled(context)?;
    Ok(QueryParamsResponse { params: Some(keeper::params(context)?.to_wire()) })
}

fn burned(context: &mut Context, _request: QueryBurnedRequest) -> Result<QueryBurnedResponse> {
    keeper::require_enabled(context)?;
    let record = keeper::record(context)?;
    let denom = keeper::params(context)?.native_denom;
    let supply = bank::keeper::supply(context, &denom)?;
    Ok(QueryBurnedResponse {
        record: Some(record.to_wire()),
        supply: Some(coin_to_proto(&Coin::new(denom, supply))),
    })
}

/// Beginning with the native coin.
fn prices(context: &mut Context, request: QueryPricesRequest) -> Result<QueryPricesResponse> {
    keeper::require_enabled(context)?;
    let invalid = |text: String| Error::status(GrpcCode::InvalidArgument, text);
    let amount: Int = request.amount.parse().map_err(|error| invalid(format!("amount: {error}")))?;
    if amount.is_negative() {
        return Err(invalid(format!("amount must not be negative: {amount}")));
    }
    let params = keeper::params(context)?;
    let mut prices = vec![coin_to_proto(&Coin::new(params.native_denom, amount))];
    for accepted in params.accepted {
        if let Some(price) = keeper::price(amount, accepted.rate)? {
            prices.push(coin_to_proto(&Coin::new(accepted.denom, price)));
        }
    }
    Ok(QueryPricesResponse { prices })
}
