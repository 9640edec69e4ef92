//! Queries for validators.

use iz_core::{Context, QueryRoute, Result, stores};
use iz_proto::cosmos::staking::v1beta1::{
    QueryDelegatorValidatorRequest, QueryDelegatorValidatorResponse, QueryDelegatorValidatorsRequest,
    QueryDelegatorValidatorsResponse, QueryValidatorRequest, QueryValidatorResponse, QueryValidatorsRequest,
    QueryValidatorsResponse, Validator as Wire,
};

use super::{delegator_address, internal, invalid, not_found, parties, validator_address};
use crate::{
    collections::decode,
    pagination,
    staking::{
        keeper, keys,
        types::{Status, Validator},
    },
};

pub fn routes() -> Vec<QueryRoute> {
    vec![
        QueryRoute::new("/cosmos.staking.v1beta1.Query/Validators", validators),
        QueryRoute::new("/cosmos.staking.v1beta1.Query/Validator", validator),
        QueryRoute::new("/cosmos.staking.v1beta1.Query/DelegatorValidators", delegator_validators),
        QueryRoute::new("/cosmos.staking.v1beta1.Query/DelegatorValidator", delegator_validator),
    ]
}

fn validators(context: &mut Context, request: QueryValidatorsRequest) -> Result<QueryValidatorsResponse> {
    let known = [Status::Bonded, Status::Unbonded, Status::Unbonding].map(Status::to_wire);
    let wanted = known.into_iter().find(|status| status.as_str_name() == request.status);
    if wanted.is_none() && !request.status.is_empty() {
        return Err(invalid(&format!("invalid validator status {}", request.status)));
    }
    let mut validators = Vec::new();
    let page = pagination::filtered(
        context,
        stores::STAKING,
        &[keys::VALIDATOR],
        request.pagination.as_ref(),
        |_, _, value, keep| {
            let validator: Wire = decode(value)?;
            if wanted.is_some_and(|status| i32::from(status) != validator.status) {
                return Ok(false);
            }
            if keep {
                validators.push(validator);
            }
            Ok(true)
        },
    );
    Ok(QueryValidatorsResponse { pagination: Some(page.map_err(internal)?), validators })
}

fn validator(context: &mut Context, request: QueryValidatorRequest) -> Result<QueryValidatorResponse> {
    let operator = validator_address(context, &request.validator_addr)?;
    let validator = keeper::get_validator(context, &operator);
    let validator = validator
        .map_err(|error| not_found(error, || format!("validator {} not found", request.validator_addr)))?;
    Ok(QueryValidatorResponse { validator: Some(validator.into_wire()) })
}

fn delegator_validators(
    context: &mut Context,
    request: QueryDelegatorValidatorsRequest,
) -> Result<QueryDelegatorValidatorsResponse> {
    let delegator = delegator_address(context, &request.delegator_addr)?;
    let mut validators = Vec::new();
    let page = pagination::paginate(
        context,
        stores::STAKING,
        &keys::delegations_of(&delegator),
        request.pagination.as_ref(),
        |context, _, value| {
            let delegation: iz_proto::cosmos::staking::v1beta1::Delegation = decode(value)?;
            let operator = context.addresses().parse_validator(&delegation.validator_address)?;
            validators.push(keeper::get_validator(context, &operator).map(Validator::into_wire)?);
            Ok(())
        },
    );
    Ok(QueryDelegatorValidatorsResponse { pagination: Some(page.map_err(internal)?), validators })
}

fn delegator_validator(
    context: &mut Context,
    request: QueryDelegatorValidatorRequest,
) -> Result<QueryDelegatorValidatorResponse> {
    let (delegator, operator) = parties(context, &request.delegator_addr, &request.validator_addr)?;
    let delegation = keeper::get_delegation(context, &delegator, &operator).map_err(internal)?;
    let operator = context.addresses().parse_validator(&delegation.validator_address).map_err(internal)?;
    let validator = keeper::get_validator(context, &operator).map_err(internal)?;
    Ok(QueryDelegatorValidatorResponse { validator: Some(validator.into_wire()) })
}
