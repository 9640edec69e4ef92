//! Queries of staking.

mod delegations;
mod redelegations;
mod validators;

use iz_core::{Address, Context, Error, GrpcCode, QueryRoute, Result};
use iz_proto::cosmos::staking::v1beta1::{
    Pool, QueryHistoricalInfoRequest, QueryHistoricalInfoResponse, QueryParamsRequest, QueryParamsResponse,
    QueryPoolRequest, QueryPoolResponse,
};

use super::keeper::{self, pool_address};
use crate::{
    bank,
    module_accounts::{BONDED_POOL, NOT_BONDED_POOL},
};

pub fn routes() -> Vec<QueryRoute> {
    let mut routes = vec![
        QueryRoute::new("/cosmos.staking.v1beta1.Query/HistoricalInfo", historical_info),
        QueryRoute::new("/cosmos.staking.v1beta1.Query/Pool", pool),
        QueryRoute::new("/cosmos.staking.v1beta1.Query/Params", params),
    ];
    routes.extend(validators::routes());
    routes.extend(delegations::routes());
    routes.extend(redelegations::routes());
    routes
}

fn historical_info(
    context: &mut Context,
    request: QueryHistoricalInfoRequest,
) -> Result<QueryHistoricalInfoResponse> {
    if request.height < 0 {
        return Err(invalid("height cannot be negative"));
    }
    let info = keeper::get_historical_info(context, request.height);
    let info = info.map_err(|error| {
        not_found(error, || format!("historical info for height {} not found", request.height))
    })?;
    Ok(QueryHistoricalInfoResponse { hist: Some(info) })
}

fn pool(context: &mut Context, _request: QueryPoolRequest) -> Result<QueryPoolResponse> {
    let denom = keeper::bond_denom(context)?;
    let bonded = pool_address(context, BONDED_POOL)?;
    let not_bonded = pool_address(context, NOT_BONDED_POOL)?;
    let pool = Pool {
        not_bonded_tokens: bank::keeper::balance(context, &not_bonded, &denom)?.to_string(),
        bonded_tokens: bank::keeper::balance(context, &bonded, &denom)?.to_string(),
    };
    Ok(QueryPoolResponse { pool: Some(pool) })
}

fn params(context: &mut Context, _request: QueryParamsRequest) -> Result<QueryParamsResponse> {
    Ok(QueryParamsResponse { params: Some(keeper::get_params(context)?.into_wire()) })
}

fn invalid(text: &str) -> Error {
    Error::status(GrpcCode::InvalidArgument, text)
}

/// Any ordinary failure of a lookup reads as "not found".
fn not_found(error: Error, text: impl FnOnce() -> String) -> Error {
    if error.is_fatal() { error } else { Error::status(GrpcCode::NotFound, text()) }
}

fn internal(error: Error) -> Error {
    if error.is_fatal() { error } else { Error::status(GrpcCode::Internal, error) }
}

fn validator_address(context: &Context, text: &str) -> Result<Address> {
    if text.is_empty() {
        return Err(invalid("validator address cannot be empty"));
    }
    context.addresses().parse_validator(text)
}

fn delegator_address(context: &Context, text: &str) -> Result<Address> {
    if text.is_empty() {
        return Err(invalid("delegator address cannot be empty"));
    }
    context.addresses().parse_account(text)
}

/// Both addresses of a request, each asked for before either is read.
fn parties(context: &Context, delegator: &str, validator: &str) -> Result<(Address, Address)> {
    if delegator.is_empty() {
        return Err(invalid("delegator address cannot be empty"));
    }
    if validator.is_empty() {
        return Err(invalid("validator address cannot be empty"));
    }
    Ok((context.addresses().parse_account(delegator)?, context.addresses().parse_validator(validator)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn empty_addresses_are_refused_before_any_is_read() {
        let context = testing::context();
        let error = parties(&context, "not an address", "").unwrap_err();
        assert_eq!(error.log(), "rpc error: code = InvalidArgument desc = validator address cannot be empty");
    }

    #[test]
    fn a_height_without_history_is_not_found() {
        let mut context = testing::context();
        let error = historical_info(&mut context, QueryHistoricalInfoRequest { height: 9 }).unwrap_err();
        assert_eq!(error.grpc_code(), GrpcCode::NotFound);
        assert_eq!(error.description(), "historical info for height 9 not found");
    }
}
