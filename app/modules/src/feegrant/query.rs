//! Queries of allowances.

use iz_core::{Context, Error, GrpcCode, QueryRoute, Result, stores};
use iz_proto::cosmos::feegrant::v1beta1::{
    Grant, QueryAllowanceRequest, QueryAllowanceResponse, QueryAllowancesByGranterRequest,
    QueryAllowancesByGranterResponse, QueryAllowancesRequest, QueryAllowancesResponse,
};

use super::{keeper, keys};
use crate::pagination;

pub fn routes() -> Vec<QueryRoute> {
    vec![
        QueryRoute::new("/cosmos.feegrant.v1beta1.Query/Allowance", allowance),
        QueryRoute::new("/cosmos.feegrant.v1beta1.Query/Allowances", allowances),
        QueryRoute::new("/cosmos.feegrant.v1beta1.Query/AllowancesByGranter", allowances_by_granter),
    ]
}

fn internal(error: Error) -> Error {
    if error.is_fatal() { error } else { Error::status(GrpcCode::Internal, error) }
}

fn allowance(context: &mut Context, request: QueryAllowanceRequest) -> Result<QueryAllowanceResponse> {
    let granter = context.addresses().parse_account(&request.granter)?;
    let grantee = context.addresses().parse_account(&request.grantee)?;
    let allowance = keeper::allowance(context, &granter, &grantee).map_err(internal)?;
    let grant =
        Grant { granter: request.granter, grantee: request.grantee, allowance: Some(allowance.to_any()) };
    Ok(QueryAllowanceResponse { allowance: Some(grant) })
}

fn allowances(context: &mut Context, request: QueryAllowancesRequest) -> Result<QueryAllowancesResponse> {
    let grantee = context.addresses().parse_account(&request.grantee)?;
    let mut allowances = Vec::new();
    let prefix = keys::allowances_of(&grantee);
    let page = request.pagination.as_ref();
    let pagination = pagination::paginate(context, stores::FEEGRANT, &prefix, page, |_, _, value| {
        allowances.push(keeper::decode(value)?);
        Ok(())
    })
    .map_err(internal)?;
    Ok(QueryAllowancesResponse { allowances, pagination: Some(pagination) })
}

fn allowances_by_granter(
    context: &mut Context,
    request: QueryAllowancesByGranterRequest,
) -> Result<QueryAllowancesByGranterResponse> {
    let granter = context.addresses().parse_account(&request.granter)?;
    let mut allowances = Vec::new();
    let prefix = [keys::ALLOWANCES];
    let page = request.pagination.as_ref();
    let pagination = pagination::filtered(context, stores::FEEGRANT, &prefix, page, |_, key, value, keep| {
        let hit = keys::parties(key).is_some_and(|(found, _)| found == granter);
        if hit && keep {
            allowances.push(keeper::decode(value)?);
        }
        Ok(hit)
    })
    .map_err(internal)?;
    Ok(QueryAllowancesByGranterResponse { allowances, pagination: Some(pagination) })
}
