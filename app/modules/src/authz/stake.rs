//! Staking for another: which validators, and how much in all.

use iz_core::{Coin, Context, Error, Message, Result, errors::sdk};
use iz_proto::cosmos::{
    base::v1beta1::Coin as WireCoin,
    staking::v1beta1::{
        AuthorizationType, MsgBeginRedelegate, MsgCancelUnbondingDelegation, MsgDelegate, MsgUndelegate,
        StakeAuthorization, stake_authorization::Policy,
    },
};
use prost::Name;

use super::{
    errors,
    types::{Acceptance, Authorization},
};
use crate::convert::{coin_from_proto, coin_to_proto};

/// What a look at one listed validator costs.
const GAS_PER_VALIDATOR: u64 = 10;
const GAS_LOCATION: &str = "stake authorization";

pub fn message_kind(authorization: &StakeAuthorization) -> Result<String> {
    match AuthorizationType::try_from(authorization.authorization_type) {
        Ok(AuthorizationType::Delegate) => Ok(MsgDelegate::type_url()),
        Ok(AuthorizationType::Undelegate) => Ok(MsgUndelegate::type_url()),
        Ok(AuthorizationType::Redelegate) => Ok(MsgBeginRedelegate::type_url()),
        Ok(AuthorizationType::CancelUnbondingDelegation) => Ok(MsgCancelUnbondingDelegation::type_url()),
        Ok(AuthorizationType::Unspecified) | Err(_) => Err(Error::panic(format!(
            "cannot normalize authz type with types.AuthorizationType: {}",
            errors::UNKNOWN_AUTHORIZATION_TYPE.description
        ))),
    }
}

pub fn validate(authorization: &StakeAuthorization) -> Result<()> {
    if let Some(tokens) = &authorization.max_tokens {
        let tokens = coin_from_proto(tokens)?;
        if tokens.amount.is_negative() {
            return Err(errors::NEGATIVE_MAX_TOKENS.wrap(format!("negative coin amount: {tokens}")));
        }
    }
    if authorization.authorization_type == AuthorizationType::Unspecified as i32 {
        return Err((&errors::UNKNOWN_AUTHORIZATION_TYPE).into());
    }
    Ok(())
}

pub fn accept(
    authorization: &StakeAuthorization,
    context: &mut Context,
    message: &dyn Message,
) -> Result<Acceptance> {
    let (validator, amount) = request(message)?;
    check_policy(authorization.policy.as_ref(), context, &validator)?;
    let Some(tokens) = &authorization.max_tokens else {
        return Ok(Acceptance::Update(Authorization::Stake(authorization.clone())));
    };
    let left = subtract(&coin_from_proto(tokens)?, &coin_from_proto(&amount.unwrap_or_default())?)?;
    if left.amount.is_zero() {
        return Ok(Acceptance::Delete);
    }
    Ok(Acceptance::Update(Authorization::Stake(StakeAuthorization {
        max_tokens: Some(coin_to_proto(&left)),
        ..authorization.clone()
    })))
}

/// The validator and the amount that a staking message is about.
fn request(message: &dyn Message) -> Result<(String, Option<WireCoin>)> {
    let message = message.as_any();
    if let Some(message) = message.downcast_ref::<MsgDelegate>() {
        return Ok((message.validator_address.clone(), message.amount.clone()));
    }
    if let Some(message) = message.downcast_ref::<MsgUndelegate>() {
        return Ok((message.validator_address.clone(), message.amount.clone()));
    }
    if let Some(message) = message.downcast_ref::<MsgBeginRedelegate>() {
        return Ok((message.validator_dst_address.clone(), message.amount.clone()));
    }
    if let Some(message) = message.downcast_ref::<MsgCancelUnbondingDelegation>() {
        return Ok((message.validator_address.clone(), message.amount.clone()));
    }
    Err(sdk::INVALID_REQUEST.wrap("unknown msg type"))
}

fn check_policy(policy: Option<&Policy>, context: &mut Context, validator: &str) -> Result<()> {
    let refused = |validator: &str| {
        sdk::UNAUTHORIZED.wrap(format!("cannot delegate/undelegate to {validator} validator"))
    };
    match policy {
        Some(Policy::AllowList(allowed)) => {
            for address in &allowed.address {
                context.consume_gas(GAS_PER_VALIDATOR, GAS_LOCATION)?;
                if address == validator.as_bytes() {
                    return Ok(());
                }
            }
            if allowed.address.is_empty() { Ok(()) } else { Err(refused(validator)) }
        }
        Some(Policy::DenyList(denied)) => {
            for address in &denied.address {
                context.consume_gas(GAS_PER_VALIDATOR, GAS_LOCATION)?;
                if address == validator.as_bytes() {
                    return Err(refused(validator));
                }
            }
            Ok(())
        }
        None => Ok(()),
    }
}

/// `Coin.SafeSub`.
fn subtract(limit: &Coin, amount: &Coin) -> Result<Coin> {
    if limit.denom != amount.denom {
        return Err(Error::plain(format!("invalid coin denoms: {}, {}", limit.denom, amount.denom)));
    }
    let left = Coin::new(limit.denom.clone(), limit.amount.sub(amount.amount)?);
    if left.amount.is_negative() {
        return Err(Error::plain(format!("negative coin amount: {left}")));
    }
    Ok(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_shrink_and_never_go_below_zero() {
        let (ten, three) = (Coin::new("stake", 10), Coin::new("stake", 3));
        assert_eq!(subtract(&ten, &three).unwrap(), Coin::new("stake", 7));
        assert_eq!(subtract(&three, &ten).unwrap_err().log(), "negative coin amount: -7stake");
        assert_eq!(
            subtract(&ten, &Coin::new("other", 1)).unwrap_err().log(),
            "invalid coin denoms: stake, other"
        );
    }

    #[test]
    fn an_authorization_without_a_kind_is_refused() {
        let nothing = StakeAuthorization::default();
        assert_eq!(validate(&nothing).unwrap_err().code(), 4);
        assert!(message_kind(&nothing).unwrap_err().is_panic());
    }
}
