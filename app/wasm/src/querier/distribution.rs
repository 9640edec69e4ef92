//! Rewards of delegators.

use iz_core::{Context, Dec, Result};
use iz_proto::cosmos::{
    base::v1beta1::DecCoin,
    distribution::v1beta1::{
        QueryDelegationRewardsRequest, QueryDelegationRewardsResponse, QueryDelegationTotalRewardsRequest,
        QueryDelegationTotalRewardsResponse, QueryDelegatorValidatorsRequest,
        QueryDelegatorValidatorsResponse, QueryDelegatorWithdrawAddressRequest,
        QueryDelegatorWithdrawAddressResponse,
    },
};

use super::{Answer, module_query, unsupported};
use crate::{
    json::{Array, object},
    types::DistributionQuery,
};

pub(super) fn answer(context: &mut Context, query: &DistributionQuery) -> Answer {
    if let Some(query) = &query.delegator_withdraw_address {
        let request =
            QueryDelegatorWithdrawAddressRequest { delegator_address: query.delegator_address.clone() };
        let path = "/cosmos.distribution.v1beta1.Query/DelegatorWithdrawAddress";
        let found: QueryDelegatorWithdrawAddressResponse = module_query(context, path, &request)?;
        return Ok(object(|answer| answer.text("withdraw_address", &found.withdraw_address)));
    }
    if let Some(query) = &query.delegation_rewards {
        let request = QueryDelegationRewardsRequest {
            delegator_address: query.delegator_address.clone(),
            validator_address: query.validator_address.clone(),
        };
        let path = "/cosmos.distribution.v1beta1.Query/DelegationRewards";
        let found: QueryDelegationRewardsResponse = module_query(context, path, &request)?;
        let rewards = readable(&found.rewards)?;
        return Ok(object(|answer| answer.array("rewards", |list| put_dec_coins(list, &rewards))));
    }
    if let Some(query) = &query.delegation_total_rewards {
        let request =
            QueryDelegationTotalRewardsRequest { delegator_address: query.delegator_address.clone() };
        let path = "/cosmos.distribution.v1beta1.Query/DelegationTotalRewards";
        let found: QueryDelegationTotalRewardsResponse = module_query(context, path, &request)?;
        let rewards = found.rewards.iter().map(|each| Ok((readable(&each.reward)?, &each.validator_address)));
        let rewards = rewards.collect::<Result<Vec<_>>>()?;
        let total = readable(&found.total)?;
        return Ok(object(|answer| {
            answer.array("rewards", |list| {
                for (reward, validator) in &rewards {
                    list.object(|object| {
                        object.array("reward", |list| put_dec_coins(list, reward));
                        object.text("validator_address", validator);
                    });
                }
            });
            answer.array("total", |list| put_dec_coins(list, &total));
        }));
    }
    let Some(query) = &query.delegator_validators else {
        return Err(unsupported("unknown distribution query"));
    };
    let request = QueryDelegatorValidatorsRequest { delegator_address: query.delegator_address.clone() };
    let path = "/cosmos.distribution.v1beta1.Query/DelegatorValidators";
    let found: QueryDelegatorValidatorsResponse = module_query(context, path, &request)?;
    Ok(object(|answer| {
        // Go has no list where there is nothing in it
        if found.validators.is_empty() {
            answer.null("validators");
        } else {
            answer.array("validators", |list| {
                found.validators.iter().for_each(|validator| list.text(validator))
            });
        }
    }))
}

/// Denomination and amount with its decimal point.
fn readable(coins: &[DecCoin]) -> Result<Vec<(String, String)>> {
    coins.iter().map(|coin| Ok((Dec::from_wire(&coin.amount)?.to_string(), coin.denom.clone()))).collect()
}

fn put_dec_coins(list: &mut Array<'_>, coins: &[(String, String)]) {
    for (amount, denom) in coins {
        list.object(|object| {
            object.text("amount", amount);
            object.text("denom", denom);
        });
    }
}
