//! Queries of distribution. Those that tell what was earned end the running period, on a state that is thrown away.

use iz_core::{Address, Context, DecCoins, Error, GrpcCode, QueryRoute, Result, errors::sdk, stores};
use iz_proto::cosmos::distribution::v1beta1::{
    DelegationDelegatorReward, QueryCommunityPoolRequest, QueryCommunityPoolResponse,
    QueryDelegationRewardsRequest, QueryDelegationRewardsResponse, QueryDelegationTotalRewardsRequest,
    QueryDelegationTotalRewardsResponse, QueryDelegatorValidatorsRequest, QueryDelegatorValidatorsResponse,
    QueryDelegatorWithdrawAddressRequest, QueryDelegatorWithdrawAddressResponse, QueryParamsRequest,
    QueryParamsResponse, QueryValidatorCommissionRequest, QueryValidatorCommissionResponse,
    QueryValidatorDistributionInfoRequest, QueryValidatorDistributionInfoResponse,
    QueryValidatorOutstandingRewardsRequest, QueryValidatorOutstandingRewardsResponse,
    QueryValidatorSlashesRequest, QueryValidatorSlashesResponse, ValidatorAccumulatedCommission,
    ValidatorOutstandingRewards,
};

use super::{keys, periods, rewards, store};
use crate::{
    convert::dec_coins_to_proto,
    pagination,
    staking::{
        self,
        types::{Delegation, Validator},
    },
};

pub fn routes() -> Vec<QueryRoute> {
    vec![
        QueryRoute::new("/cosmos.distribution.v1beta1.Query/Params", params),
        QueryRoute::new("/cosmos.distribution.v1beta1.Query/ValidatorDistributionInfo", validator_info),
        QueryRoute::new("/cosmos.distribution.v1beta1.Query/ValidatorOutstandingRewards", outstanding),
        QueryRoute::new("/cosmos.distribution.v1beta1.Query/ValidatorCommission", commission),
        QueryRoute::new("/cosmos.distribution.v1beta1.Query/ValidatorSlashes", slashes),
        QueryRoute::new("/cosmos.distribution.v1beta1.Query/DelegationRewards", delegation_rewards),
        QueryRoute::new("/cosmos.distribution.v1beta1.Query/DelegationTotalRewards", total_rewards),
        QueryRoute::new("/cosmos.distribution.v1beta1.Query/DelegatorValidators", delegator_validators),
        QueryRoute::new("/cosmos.distribution.v1beta1.Query/DelegatorWithdrawAddress", withdraw_address),
        QueryRoute::new("/cosmos.distribution.v1beta1.Query/CommunityPool", community_pool),
    ]
}

fn params(context: &mut Context, _request: QueryParamsRequest) -> Result<QueryParamsResponse> {
    Ok(QueryParamsResponse { params: Some(store::params(context)?.to_wire()) })
}

fn validator_info(
    context: &mut Context,
    request: QueryValidatorDistributionInfoRequest,
) -> Result<QueryValidatorDistributionInfoResponse> {
    require("validator", &request.validator_address)?;
    let operator = context.addresses().parse_validator(&request.validator_address)?;
    let validator = staking::keeper::get_validator(context, &operator)?;
    let delegation = staking::keeper::get_delegation(context, &operator, &operator)?;
    let earned = earned(context, &validator, &delegation)?;
    let commission = store::commission(context, &operator)?;
    Ok(QueryValidatorDistributionInfoResponse {
        operator_address: context.addresses().account(&operator),
        self_bond_rewards: dec_coins_to_proto(&earned),
        commission: dec_coins_to_proto(&commission),
    })
}

fn outstanding(
    context: &mut Context,
    request: QueryValidatorOutstandingRewardsRequest,
) -> Result<QueryValidatorOutstandingRewardsResponse> {
    let operator = existing_validator(context, &request.validator_address)?;
    let rewards = dec_coins_to_proto(&store::outstanding(context, &operator)?);
    Ok(QueryValidatorOutstandingRewardsResponse { rewards: Some(ValidatorOutstandingRewards { rewards }) })
}

fn commission(
    context: &mut Context,
    request: QueryValidatorCommissionRequest,
) -> Result<QueryValidatorCommissionResponse> {
    let operator = existing_validator(context, &request.validator_address)?;
    let commission = dec_coins_to_proto(&store::commission(context, &operator)?);
    Ok(QueryValidatorCommissionResponse { commission: Some(ValidatorAccumulatedCommission { commission }) })
}

/// The heights of the request are compared with periods, as Go does.
fn slashes(
    context: &mut Context,
    request: QueryValidatorSlashesRequest,
) -> Result<QueryValidatorSlashesResponse> {
    require("validator", &request.validator_address)?;
    let (first, last) = (request.starting_height, request.ending_height);
    if last < first {
        return Err(Error::status(
            GrpcCode::InvalidArgument,
            format!("starting height greater than ending height ({first} > {last})"),
        ));
    }
    let operator = context
        .addresses()
        .parse_validator(&request.validator_address)
        .map_err(|_| Error::status(GrpcCode::InvalidArgument, "invalid validator address"))?;
    let mut found = Vec::new();
    let page = pagination::filtered(
        context,
        stores::DISTRIBUTION,
        &keys::of(keys::SLASH_EVENTS, &operator),
        request.pagination.as_ref(),
        |_, _, value, keep| {
            let event = store::decode_slash_event(&value.to_vec().into())?;
            let hit = (first..=last).contains(&event.period);
            if hit && keep {
                found.push(event.to_wire());
            }
            Ok(hit)
        },
    )?;
    Ok(QueryValidatorSlashesResponse { slashes: found, pagination: Some(page) })
}

fn delegation_rewards(
    context: &mut Context,
    request: QueryDelegationRewardsRequest,
) -> Result<QueryDelegationRewardsResponse> {
    require("delegator", &request.delegator_address)?;
    require("validator", &request.validator_address)?;
    let operator = context.addresses().parse_validator(&request.validator_address)?;
    let validator = staking::keeper::get_validator(context, &operator)?;
    let delegator = context.addresses().parse_account(&request.delegator_address)?;
    let delegation = staking::keeper::get_delegation(context, &delegator, &operator)?;
    let earned = earned(context, &validator, &delegation)?;
    Ok(QueryDelegationRewardsResponse { rewards: dec_coins_to_proto(&earned) })
}

fn total_rewards(
    context: &mut Context,
    request: QueryDelegationTotalRewardsRequest,
) -> Result<QueryDelegationTotalRewardsResponse> {
    require("delegator", &request.delegator_address)?;
    let delegator = context.addresses().parse_account(&request.delegator_address)?;
    let (mut rewards, mut total) = (Vec::new(), DecCoins::empty());
    staking::keeper::iterate_delegations(context, &delegator, |context, delegation| {
        // Go walks with a function that cannot fail, so an error becomes a panic
        let earned = earned_at(context, &delegation)
            .map_err(|error| if error.is_fatal() { error } else { Error::panic(error.log()) })?;
        total = total.add(&earned)?;
        rewards.push(DelegationDelegatorReward {
            validator_address: delegation.validator_address,
            reward: dec_coins_to_proto(&earned),
        });
        Ok(false)
    })?;
    Ok(QueryDelegationTotalRewardsResponse { rewards, total: dec_coins_to_proto(&total) })
}

fn delegator_validators(
    context: &mut Context,
    request: QueryDelegatorValidatorsRequest,
) -> Result<QueryDelegatorValidatorsResponse> {
    require("delegator", &request.delegator_address)?;
    let delegator = context.addresses().parse_account(&request.delegator_address)?;
    let mut validators = Vec::new();
    staking::keeper::iterate_delegations(context, &delegator, |_, delegation| {
        validators.push(delegation.validator_address);
        Ok(false)
    })?;
    Ok(QueryDelegatorValidatorsResponse { validators })
}

fn withdraw_address(
    context: &mut Context,
    request: QueryDelegatorWithdrawAddressRequest,
) -> Result<QueryDelegatorWithdrawAddressResponse> {
    require("delegator", &request.delegator_address)?;
    let delegator = context.addresses().parse_account(&request.delegator_address)?;
    let address = store::withdraw_address(context, &delegator)?;
    Ok(QueryDelegatorWithdrawAddressResponse { withdraw_address: context.addresses().account(&address) })
}

fn community_pool(
    _context: &mut Context,
    _request: QueryCommunityPoolRequest,
) -> Result<QueryCommunityPoolResponse> {
    Err(sdk::INVALID_REQUEST.wrap(
        "external community pool is enabled - use the CommunityPool query exposed by the external community pool",
    ))
}

fn require(whose: &str, address: &str) -> Result<()> {
    if address.is_empty() {
        return Err(Error::status(GrpcCode::InvalidArgument, format!("empty {whose} address")));
    }
    Ok(())
}

fn existing_validator(context: &mut Context, text: &str) -> Result<Address> {
    require("validator", text)?;
    let operator = context.addresses().parse_validator(text)?;
    staking::keeper::get_validator(context, &operator)?;
    Ok(operator)
}

fn earned(context: &mut Context, validator: &Validator, delegation: &Delegation) -> Result<DecCoins> {
    let ended = periods::increment(context, validator)?;
    rewards::calculate(context, validator, delegation, ended)
}

fn earned_at(context: &mut Context, delegation: &Delegation) -> Result<DecCoins> {
    let operator = context.addresses().parse_validator(&delegation.validator_address)?;
    let validator = staking::keeper::get_validator(context, &operator)?;
    earned(context, &validator, delegation)
}
