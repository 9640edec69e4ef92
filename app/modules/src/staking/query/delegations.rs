//! Queries for delegations and unbonding delegations.

use iz_core::{Address, Coin, Context, QueryRoute, Result, stores};
use iz_proto::cosmos::{
    base::query::v1beta1::{PageRequest, PageResponse},
    staking::v1beta1::{
        Delegation as Wire, DelegationResponse, QueryDelegationRequest, QueryDelegationResponse,
        QueryDelegatorDelegationsRequest, QueryDelegatorDelegationsResponse,
        QueryDelegatorUnbondingDelegationsRequest, QueryDelegatorUnbondingDelegationsResponse,
        QueryUnbondingDelegationRequest, QueryUnbondingDelegationResponse, QueryValidatorDelegationsRequest,
        QueryValidatorDelegationsResponse, QueryValidatorUnbondingDelegationsRequest,
        QueryValidatorUnbondingDelegationsResponse, UnbondingDelegation as WireUnbonding,
    },
};

use super::{delegator_address, internal, not_found, parties, validator_address};
use crate::{
    collections::decode,
    convert::coin_to_proto,
    pagination,
    staking::{keeper, keys, types::Delegation},
};

pub fn routes() -> Vec<QueryRoute> {
    vec![
        QueryRoute::new("/cosmos.staking.v1beta1.Query/ValidatorDelegations", validator_delegations),
        QueryRoute::new(
            "/cosmos.staking.v1beta1.Query/ValidatorUnbondingDelegations",
            validator_unbonding_delegations,
        ),
        QueryRoute::new("/cosmos.staking.v1beta1.Query/Delegation", delegation),
        QueryRoute::new("/cosmos.staking.v1beta1.Query/UnbondingDelegation", unbonding_delegation),
        QueryRoute::new("/cosmos.staking.v1beta1.Query/DelegatorDelegations", delegator_delegations),
        QueryRoute::new(
            "/cosmos.staking.v1beta1.Query/DelegatorUnbondingDelegations",
            delegator_unbonding_delegations,
        ),
    ]
}

/// A delegation with what it is worth now.
fn response(context: &mut Context, delegation: Delegation) -> Result<DelegationResponse> {
    let operator = context.addresses().parse_validator(&delegation.validator_address)?;
    let validator = keeper::get_validator(context, &operator)?;
    context.addresses().parse_account(&delegation.delegator_address)?;
    let denom = keeper::bond_denom(context)?;
    let tokens = validator.tokens_from_shares(delegation.shares)?.truncate_int()?;
    Ok(DelegationResponse {
        delegation: Some(delegation.into_wire()),
        balance: Some(coin_to_proto(&Coin::new(denom, tokens))),
    })
}

fn responses(context: &mut Context, delegations: Vec<Wire>) -> Result<Vec<DelegationResponse>> {
    let delegations = delegations.into_iter().map(Delegation::from_wire);
    delegations.map(|delegation| response(context, delegation?)).collect::<Result<_>>().map_err(internal)
}

fn validator_delegations(
    context: &mut Context,
    request: QueryValidatorDelegationsRequest,
) -> Result<QueryValidatorDelegationsResponse> {
    let operator = validator_address(context, &request.validator_addr)?;
    let mut delegations = Vec::new();
    let page = pagination::paginate(
        context,
        stores::STAKING,
        &keys::delegations_to(&operator),
        request.pagination.as_ref(),
        |context, delegator, _| {
            let key = keys::delegation(&Address::new(delegator), &operator);
            delegations.push(context.get_message(stores::STAKING, &key)?.unwrap_or_default());
            Ok(())
        },
    );
    let (delegations, page) = match page {
        Err(error) if error.is_fatal() => return Err(error),
        // a key of the time before the index: Go then walks all delegations with it
        Err(_) => all_delegations_to(context, &request)?,
        Ok(page) => (delegations, page),
    };
    Ok(QueryValidatorDelegationsResponse {
        delegation_responses: responses(context, delegations)?,
        pagination: Some(page),
    })
}

fn all_delegations_to(
    context: &mut Context,
    request: &QueryValidatorDelegationsRequest,
) -> Result<(Vec<Wire>, PageResponse)> {
    let mut delegations = Vec::new();
    let page = pagination::filtered(
        context,
        stores::STAKING,
        &[keys::DELEGATION],
        request.pagination.as_ref(),
        |_, _, value, keep| {
            let delegation: Wire = decode(value)?;
            let hit = delegation.validator_address.eq_ignore_ascii_case(&request.validator_addr);
            if hit && keep {
                delegations.push(delegation);
            }
            Ok(hit)
        },
    );
    let page = page.map_err(internal)?;
    Ok((delegations, page))
}

fn validator_unbonding_delegations(
    context: &mut Context,
    request: QueryValidatorUnbondingDelegationsRequest,
) -> Result<QueryValidatorUnbondingDelegationsResponse> {
    let operator = validator_address(context, &request.validator_addr)?;
    let prefix = keys::unbondings_from(&operator);
    let mut unbonding_responses = Vec::new();
    let page = pagination::paginate(
        context,
        stores::STAKING,
        &prefix,
        request.pagination.as_ref(),
        |context, rest, _| {
            let key = keys::unbonding_of_index(&[&prefix, rest].concat())?;
            unbonding_responses.push(context.get_message(stores::STAKING, &key)?.unwrap_or_default());
            Ok(())
        },
    );
    Ok(QueryValidatorUnbondingDelegationsResponse {
        pagination: Some(page.map_err(internal)?),
        unbonding_responses,
    })
}

fn delegation(context: &mut Context, request: QueryDelegationRequest) -> Result<QueryDelegationResponse> {
    let (delegator, operator) = parties(context, &request.delegator_addr, &request.validator_addr)?;
    let delegation = keeper::get_delegation(context, &delegator, &operator).map_err(|error| {
        not_found(error, || {
            format!(
                "delegation with delegator {} not found for validator {}",
                request.delegator_addr, request.validator_addr
            )
        })
    })?;
    let response = response(context, delegation).map_err(internal)?;
    Ok(QueryDelegationResponse { delegation_response: Some(response) })
}

fn unbonding_delegation(
    context: &mut Context,
    request: QueryUnbondingDelegationRequest,
) -> Result<QueryUnbondingDelegationResponse> {
    let (delegator, operator) = parties(context, &request.delegator_addr, &request.validator_addr)?;
    let unbonding = keeper::get_unbonding_delegation(context, &delegator, &operator).map_err(|error| {
        not_found(error, || {
            format!(
                "unbonding delegation with delegator {} not found for validator {}",
                request.delegator_addr, request.validator_addr
            )
        })
    })?;
    Ok(QueryUnbondingDelegationResponse { unbond: Some(unbonding.to_wire()) })
}

/// A page of the stored values under a prefix.
fn page_of<M: prost::Message + Default>(
    context: &mut Context,
    prefix: &[u8],
    request: Option<&PageRequest>,
) -> Result<(Vec<M>, PageResponse)> {
    let mut values = Vec::new();
    let page = pagination::paginate(context, stores::STAKING, prefix, request, |_, _, value| {
        values.push(decode(value)?);
        Ok(())
    });
    let page = page.map_err(internal)?;
    Ok((values, page))
}

fn delegator_delegations(
    context: &mut Context,
    request: QueryDelegatorDelegationsRequest,
) -> Result<QueryDelegatorDelegationsResponse> {
    let delegator = delegator_address(context, &request.delegator_addr)?;
    let prefix = keys::delegations_of(&delegator);
    let (delegations, page) = page_of(context, &prefix, request.pagination.as_ref())?;
    Ok(QueryDelegatorDelegationsResponse {
        delegation_responses: responses(context, delegations)?,
        pagination: Some(page),
    })
}

fn delegator_unbonding_delegations(
    context: &mut Context,
    request: QueryDelegatorUnbondingDelegationsRequest,
) -> Result<QueryDelegatorUnbondingDelegationsResponse> {
    let delegator = delegator_address(context, &request.delegator_addr)?;
    let prefix = keys::unbondings_of(&delegator);
    let (unbonding_responses, page) =
        page_of::<WireUnbonding>(context, &prefix, request.pagination.as_ref())?;
    Ok(QueryDelegatorUnbondingDelegationsResponse { unbonding_responses, pagination: Some(page) })
}
