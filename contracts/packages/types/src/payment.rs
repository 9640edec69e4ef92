//! One amount of one asset, as it came in: from the funds of a message or from a cw20 token's `Receive`, never from a balance.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Coin, Uint128};
use thiserror::Error;

use crate::asset::Asset;

#[cw_serde]
#[derive(Eq)]
pub struct Payment {
    pub asset: Asset,
    pub amount: Uint128,
}

#[derive(Error, Debug, PartialEq, Eq, Clone)]
pub enum PaymentError {
    #[error("this message has to be paid")]
    Nothing,
    #[error("one denomination is taken, not {count}")]
    Several { count: usize },
    #[error("an amount of {denom} is zero")]
    Zero { denom: String },
    #[error("this message takes no money")]
    Unwanted,
}

impl Payment {
    /// Exactly one coin, and not an empty one.
    pub fn from_funds(funds: &[Coin]) -> Result<Self, PaymentError> {
        match funds {
            [] => Err(PaymentError::Nothing),
            [coin] if coin.amount.is_zero() => Err(PaymentError::Zero { denom: coin.denom.clone() }),
            [coin] => Ok(Self { asset: Asset::native(&coin.denom), amount: coin.amount }),
            many => Err(PaymentError::Several { count: many.len() }),
        }
    }

    /// What a cw20 token says it moved here. The token is the sender of the message: whoever is not a token that the
    /// contract lists has to be refused after this.
    pub fn from_cw20(token: &str, amount: Uint128) -> Result<Self, PaymentError> {
        if amount.is_zero() {
            return Err(PaymentError::Zero { denom: token.to_string() });
        }
        Ok(Self { asset: Asset::cw20(token), amount })
    }

    /// For messages that take nothing.
    pub fn none(funds: &[Coin]) -> Result<(), PaymentError> {
        if funds.is_empty() { Ok(()) } else { Err(PaymentError::Unwanted) }
    }
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::coin;

    use super::*;

    #[test]
    fn takes_one_coin_and_no_other_number() {
        assert_eq!(Payment::from_funds(&[]), Err(PaymentError::Nothing));
        assert_eq!(Payment::from_funds(&[coin(0, "a")]), Err(PaymentError::Zero { denom: "a".into() }));
        assert_eq!(
            Payment::from_funds(&[coin(1, "a"), coin(1, "b")]),
            Err(PaymentError::Several { count: 2 })
        );
        let paid = Payment::from_funds(&[coin(7, "a")]).unwrap();
        assert_eq!(paid, Payment { asset: Asset::native("a"), amount: Uint128::new(7) });
        assert_eq!(Payment::none(&[coin(7, "a")]), Err(PaymentError::Unwanted));
        assert_eq!(Payment::none(&[]), Ok(()));
    }
}
