//! The query for redelegations.

use iz_core::{Context, Error, GrpcCode, QueryRoute, Result, stores};
use iz_proto::cosmos::{
    base::query::v1beta1::PageResponse,
    staking::v1beta1::{
        QueryRedelegationsRequest, QueryRedelegationsResponse, Redelegation as Wire,
        RedelegationEntryResponse, RedelegationResponse,
    },
};

use super::internal;
use crate::{
    collections::decode,
    pagination,
    staking::{keeper, keys, types::Redelegation},
};

pub fn routes() -> Vec<QueryRoute> {
    vec![QueryRoute::new("/cosmos.staking.v1beta1.Query/Redelegations", redelegations)]
}

fn redelegations(
    context: &mut Context,
    request: QueryRedelegationsRequest,
) -> Result<QueryRedelegationsResponse> {
    let given = |text: &str| !text.is_empty();
    let (found, page) = match (
        given(&request.delegator_addr),
        given(&request.src_validator_addr),
        given(&request.dst_validator_addr),
    ) {
        (true, true, true) => (vec![one(context, &request).map_err(internal)?], None),
        (false, true, false) => from_source(context, &request).map_err(internal)?,
        _ => of_delegator(context, &request).map_err(internal)?,
    };
    let responses = found.into_iter().map(|redelegation| response(context, redelegation));
    let redelegation_responses = responses.collect::<Result<_>>().map_err(internal)?;
    Ok(QueryRedelegationsResponse { redelegation_responses, pagination: page })
}

type Page = (Vec<Redelegation>, Option<PageResponse>);

fn one(context: &mut Context, request: &QueryRedelegationsRequest) -> Result<Redelegation> {
    let delegator = context.addresses().parse_account(&request.delegator_addr)?;
    let source = context.addresses().parse_validator(&request.src_validator_addr)?;
    let destination = context.addresses().parse_validator(&request.dst_validator_addr)?;
    keeper::get_redelegation(context, &delegator, &source, &destination).map_err(|error| {
        if error.is_fatal() {
            return error;
        }
        Error::status(
            GrpcCode::NotFound,
            format!(
                "redelegation not found for delegator address {} from validator address {}",
                request.delegator_addr, request.src_validator_addr
            ),
        )
    })
}

fn from_source(context: &mut Context, request: &QueryRedelegationsRequest) -> Result<Page> {
    let source = context.addresses().parse_validator(&request.src_validator_addr)?;
    let prefix = keys::redelegations_from(&source);
    let mut found = Vec::new();
    let page = pagination::paginate(
        context,
        stores::STAKING,
        &prefix,
        request.pagination.as_ref(),
        |context, rest, _| {
            let key = keys::redelegation_of_source_index(&[&prefix, rest].concat())?;
            let stored: Option<Wire> = context.get_message(stores::STAKING, &key)?;
            found.push(Redelegation::from_wire(stored.unwrap_or_default())?);
            Ok(())
        },
    )?;
    Ok((found, Some(page)))
}

fn of_delegator(context: &mut Context, request: &QueryRedelegationsRequest) -> Result<Page> {
    let delegator = context.addresses().parse_account(&request.delegator_addr)?;
    let mut found = Vec::new();
    let page = pagination::paginate(
        context,
        stores::STAKING,
        &keys::redelegations_of(&delegator),
        request.pagination.as_ref(),
        |_, _, value| {
            found.push(Redelegation::from_wire(decode(value)?)?);
            Ok(())
        },
    )?;
    Ok((found, Some(page)))
}

/// A redelegation with what its shares are worth now.
fn response(context: &mut Context, redelegation: Redelegation) -> Result<RedelegationResponse> {
    context.addresses().parse_validator(&redelegation.validator_src_address)?;
    let destination = context.addresses().parse_validator(&redelegation.validator_dst_address)?;
    context.addresses().parse_account(&redelegation.delegator_address)?;
    let validator = keeper::get_validator(context, &destination)?;
    let mut entries = Vec::with_capacity(redelegation.entries.len());
    for entry in &redelegation.entries {
        let balance = validator.tokens_from_shares(entry.shares_dst)?.truncate_int()?;
        // whether somebody holds an entry back is not part of the answer
        let mut wire = entry.to_wire();
        wire.unbonding_on_hold_ref_count = 0;
        entries
            .push(RedelegationEntryResponse { redelegation_entry: Some(wire), balance: balance.to_string() });
    }
    let redelegation = Wire { entries: Vec::new(), ..redelegation.to_wire() };
    Ok(RedelegationResponse { redelegation: Some(redelegation), entries })
}
