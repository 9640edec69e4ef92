//! Queries of grants.

use iz_core::{Context, QueryRoute, Result, stores};
use iz_proto::cosmos::authz::v1beta1::{
    Grant, GrantAuthorization, QueryGranteeGrantsRequest, QueryGranteeGrantsResponse,
    QueryGranterGrantsRequest, QueryGranterGrantsResponse, QueryGrantsRequest, QueryGrantsResponse,
};

use super::{errors, keeper, keys, types::Authorization};
use crate::{pagination, pairs};

pub fn routes() -> Vec<QueryRoute> {
    vec![
        QueryRoute::new("/cosmos.authz.v1beta1.Query/Grants", grants),
        QueryRoute::new("/cosmos.authz.v1beta1.Query/GranterGrants", granter_grants),
        QueryRoute::new("/cosmos.authz.v1beta1.Query/GranteeGrants", grantee_grants),
    ]
}

/// The grant with its authorization unpacked and packed again, as Go does it.
fn repacked(mut grant: Grant) -> Result<Grant> {
    grant.authorization = Some(Authorization::from_any(grant.authorization.as_ref())?.to_any());
    Ok(grant)
}

fn grants(context: &mut Context, request: QueryGrantsRequest) -> Result<QueryGrantsResponse> {
    let granter = context.addresses().parse_account(&request.granter)?;
    let grantee = context.addresses().parse_account(&request.grantee)?;
    let key = keys::grant(&grantee, &granter, &request.msg_type_url);
    if !request.msg_type_url.is_empty() {
        let Some(grant) = keeper::grant(context, &key)? else {
            return Err(errors::NO_AUTHORIZATION_FOUND
                .wrap(format!("authorization not found for {} type", request.msg_type_url)));
        };
        return Ok(QueryGrantsResponse { grants: vec![repacked(grant)?], pagination: None });
    }
    let mut grants = Vec::new();
    let page = request.pagination.as_ref();
    let pagination = pagination::filtered(context, stores::AUTHZ, &key, page, |_, _, value, keep| {
        let grant = repacked(keeper::decode(value)?)?;
        if keep {
            grants.push(grant);
        }
        Ok(true)
    })?;
    Ok(QueryGrantsResponse { grants, pagination: Some(pagination) })
}

fn granter_grants(
    context: &mut Context,
    request: QueryGranterGrantsRequest,
) -> Result<QueryGranterGrantsResponse> {
    let granter = context.addresses().parse_account(&request.granter)?;
    let mut grants = Vec::new();
    let prefix = keys::grants_by(&granter);
    let page = request.pagination.as_ref();
    let pagination =
        pagination::filtered(context, stores::AUTHZ, &prefix, page, |context, key, value, keep| {
            let grant = repacked(keeper::decode(value)?)?;
            let grantee = pairs::first_address(key).map(|(grantee, _)| grantee).unwrap_or_default();
            if keep {
                grants.push(GrantAuthorization {
                    granter: request.granter.clone(),
                    grantee: context.addresses().account(&grantee),
                    authorization: grant.authorization,
                    expiration: grant.expiration,
                });
            }
            Ok(true)
        })?;
    Ok(QueryGranterGrantsResponse { grants, pagination: Some(pagination) })
}

fn grantee_grants(
    context: &mut Context,
    request: QueryGranteeGrantsRequest,
) -> Result<QueryGranteeGrantsResponse> {
    let grantee = context.addresses().parse_account(&request.grantee)?;
    let mut grants = Vec::new();
    let prefix = [keys::GRANTS];
    let page = request.pagination.as_ref();
    let pagination =
        pagination::filtered(context, stores::AUTHZ, &prefix, page, |context, key, value, keep| {
            let grant = repacked(keeper::decode(value)?)?;
            let Some((granter, _)) = keys::parties(key).filter(|(_, found)| *found == grantee) else {
                return Ok(false);
            };
            if keep {
                grants.push(GrantAuthorization {
                    granter: context.addresses().account(&granter),
                    grantee: request.grantee.clone(),
                    authorization: grant.authorization,
                    expiration: grant.expiration,
                });
            }
            Ok(true)
        })?;
    Ok(QueryGranteeGrantsResponse { grants, pagination: Some(pagination) })
}
