//! Validators and delegations.

use iz_core::{Coin, Context, Error, Int, Result};
use iz_modules::staking::{
    errors, keeper as staking,
    types::{Delegation, Validator},
};
use iz_proto::cosmos::distribution::v1beta1::{
    QueryDelegationRewardsRequest, QueryDelegationRewardsResponse,
};

use super::{Answer, bank::address, module_query, unsupported};
use crate::{
    json::{Object, object},
    types::{AllDelegationsQuery, DelegationQuery, StakingQuery, put_coin},
};

pub(super) fn answer(context: &mut Context, query: &StakingQuery) -> Answer {
    if query.bonded_denom.is_some() {
        let denom = staking::bond_denom(context).map_err(|error| error.wrap("bond denom"))?;
        return Ok(object(|answer| answer.text("denom", &denom)));
    }
    if query.all_validators.is_some() {
        let mut validators = Vec::new();
        staking::iterate_bonded_validators_by_power(context, |_, validator| {
            validators.push(validator);
            Ok(false)
        })?;
        return Ok(object(|answer| {
            answer.array("validators", |list| {
                for validator in &validators {
                    list.object(|object| put_validator(object, validator));
                }
            });
        }));
    }
    if let Some(query) = &query.validator {
        let operator = context.addresses().validator_from_bech32(&query.address)?;
        let found = found(staking::get_validator(context, &operator), &errors::NO_VALIDATOR_FOUND)?;
        return Ok(object(|answer| match &found {
            Some(validator) => answer.object("validator", |object| put_validator(object, validator)),
            None => answer.null("validator"),
        }));
    }
    if let Some(query) = &query.all_delegations {
        return all_delegations(context, query);
    }
    match &query.delegation {
        Some(query) => delegation(context, query),
        None => Err(unsupported("unknown Staking variant")),
    }
}

/// What is not there is no error.
fn found<T>(result: Result<T>, missing: &iz_core::Registered) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if !error.is_fatal() && error.is(missing) => Ok(None),
        Err(error) => Err(error),
    }
}

fn put_validator(object: &mut Object<'_>, validator: &Validator) {
    let rates = &validator.commission.rates;
    object.text("address", &validator.operator_address);
    object.text("commission", &rates.rate.to_string());
    object.text("max_commission", &rates.max_rate.to_string());
    object.text("max_change_rate", &rates.max_change_rate.to_string());
}

/// The coins behind a delegation's shares.
fn amount(context: &mut Context, delegation: &Delegation, denom: &str) -> Result<Coin> {
    let operator = context.addresses().validator_from_bech32(&delegation.validator_address);
    let operator = operator.map_err(|error| error.wrap("validator address"))?;
    let validator = staking::get_validator(context, &operator)
        .map_err(|error| error.wrap("can't load validator for delegation"))?;
    let amount = validator.tokens_from_shares(delegation.shares)?.truncate_int()?;
    Ok(Coin { denom: denom.to_owned(), amount })
}

fn all_delegations(context: &mut Context, query: &AllDelegationsQuery) -> Answer {
    let delegator = address(context, &query.delegator)?;
    let mut delegations = Vec::new();
    staking::iterate_delegations(context, &delegator, |_, delegation| {
        delegations.push(delegation);
        Ok(false)
    })?;
    let denom = staking::bond_denom(context).map_err(|error| error.wrap("bond denom"))?;
    let amounts = delegations
        .iter()
        .map(|delegation| amount(context, delegation, &denom))
        .collect::<Result<Vec<_>>>()?;
    Ok(object(|answer| {
        answer.array("delegations", |list| {
            for (delegation, amount) in delegations.iter().zip(&amounts) {
                list.object(|object| {
                    object.text("delegator", &delegation.delegator_address);
                    object.text("validator", &delegation.validator_address);
                    object.object("amount", |coin| put_coin(coin, amount));
                });
            }
        });
    }))
}

fn delegation(context: &mut Context, query: &DelegationQuery) -> Answer {
    let delegator = address(context, &query.delegator)?;
    let invalid = |_: Error| iz_core::errors::sdk::INVALID_ADDRESS.wrap(&query.validator);
    let validator = context.addresses().validator_from_bech32(&query.validator).map_err(invalid)?;
    let delegation = staking::get_delegation(context, &delegator, &validator);
    let Some(delegation) = found(delegation, &errors::NO_DELEGATION)? else { return Ok(b"{}".to_vec()) };
    let operator = staking::get_validator(context, &validator)
        .map_err(|error| error.wrap("can't load validator for delegation"))?;
    let denom = staking::bond_denom(context).map_err(|error| error.wrap("bond denom"))?;
    let amount = operator.tokens_from_shares(delegation.shares)?.truncate_int()?;
    let amount = Coin { denom: denom.clone(), amount };
    let moving = staking::has_receiving_redelegation(context, &delegator, &validator)?;
    let movable = if moving { Coin { denom, amount: Int::ZERO } } else { amount.clone() };
    let rewards = rewards(context, &delegation)?;
    Ok(object(|answer| {
        answer.object("delegation", |object| {
            object.text("delegator", &delegation.delegator_address);
            object.text("validator", &delegation.validator_address);
            object.object("amount", |coin| put_coin(coin, &amount));
            object.array("accumulated_rewards", |list| {
                for coin in &rewards {
                    list.object(|object| put_coin(object, coin));
                }
            });
            object.object("can_redelegate", |coin| put_coin(coin, &movable));
        });
    }))
}

/// What a delegation has earned, asked of the distribution module on a branch that is thrown away.
fn rewards(context: &mut Context, delegation: &Delegation) -> Result<Vec<Coin>> {
    let request = QueryDelegationRewardsRequest {
        delegator_address: delegation.delegator_address.clone(),
        validator_address: delegation.validator_address.clone(),
    };
    let answer: QueryDelegationRewardsResponse = context.scratch(|context| {
        module_query(context, "/cosmos.distribution.v1beta1.Query/DelegationRewards", &request)
    })?;
    let coin = |coin: &iz_proto::cosmos::base::v1beta1::DecCoin| {
        let amount = iz_core::Dec::from_wire(&coin.amount)?.truncate_int()?;
        Ok(Coin { denom: coin.denom.clone(), amount })
    };
    answer.rewards.iter().map(coin).collect()
}
