//! Messages of staking.

mod begin_redelegate;
mod cancel_unbonding_delegation;
mod create_validator;
mod delegate;
mod edit_validator;
mod undelegate;
mod update_params;

pub use iz_proto::cosmos::staking::v1beta1::{
    MsgBeginRedelegate, MsgCancelUnbondingDelegation, MsgCreateValidator, MsgDelegate, MsgEditValidator,
    MsgUndelegate, MsgUpdateParams,
};

use iz_core::{Address, Coin, Context, Error, Result, Timestamp, errors::sdk};
use iz_proto::cosmos::base::v1beta1::Coin as WireCoin;

use crate::convert::coin_from_proto;

fn validator_address(context: &Context, text: &str, what: &str) -> Result<Address> {
    context.addresses().parse_validator(text).map_err(|error| invalid_address(&error, what))
}

fn delegator_address(context: &Context, text: &str) -> Result<Address> {
    context.addresses().parse_account(text).map_err(|error| invalid_address(&error, "delegator"))
}

fn invalid_address(error: &Error, what: &str) -> Error {
    sdk::INVALID_ADDRESS.wrap(format!("invalid {what} address: {error}"))
}

/// A valid coin of a positive amount, or the refusal that a message has for any other.
fn positive(coin: Option<&WireCoin>, refusal: &str) -> Result<Coin> {
    let refused = || sdk::INVALID_REQUEST.wrap(refusal);
    let wire = coin.filter(|coin| !coin.amount.is_empty()).ok_or_else(refused)?;
    let coin = coin_from_proto(wire)?;
    if coin.validate().is_err() || !coin.amount.is_positive() {
        return Err(refused());
    }
    Ok(coin)
}

fn require_denom(coin: &Coin, bond_denom: &str) -> Result<()> {
    if coin.denom == bond_denom {
        return Ok(());
    }
    Err(sdk::INVALID_REQUEST
        .wrap(format!("invalid coin denomination: got {}, expected {bond_denom}", coin.denom)))
}

/// RFC 3339 to the second, as events have it.
fn event_time(time: Timestamp) -> String {
    Timestamp { nanos: 0, ..time }.rfc3339()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_must_be_there_valid_and_positive() {
        let coin = |denom: &str, amount: &str| WireCoin { denom: denom.into(), amount: amount.into() };
        for bad in [coin("stake", ""), coin("stake", "0"), coin("stake", "-1"), coin("", "1")] {
            let error = positive(Some(&bad), "invalid amount").unwrap_err();
            assert_eq!(error.log(), "invalid amount: invalid request");
        }
        assert!(positive(None, "x").is_err());
        let good = positive(Some(&coin("stake", "1")), "x").unwrap();
        assert!(require_denom(&good, "stake").is_ok());
        assert_eq!(
            require_denom(&good, "iz").unwrap_err().log(),
            "invalid coin denomination: got stake, expected iz: invalid request"
        );
    }
}
