//! How often a contract may be called for another, and with how many coins.

use iz_core::{Coins, Error, Result, errors::sdk};
use iz_proto::{
    Any,
    cosmwasm::wasm::v1::{CombinedLimit, MaxCallsLimit, MaxFundsLimit},
};
use prost::Name;

use super::undefined;
use crate::{
    authz::types::{pack, unpack},
    convert::{coins_from_proto, coins_to_proto},
    wasm::errors::EMPTY,
};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Limit {
    /// None was given, which allows nothing.
    Undefined,
    Calls(u64),
    Funds(Coins),
    Both {
        calls: u64,
        funds: Coins,
    },
}

/// What a limit says to a call.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Verdict {
    /// Perhaps another grant takes it.
    NotForThis,
    Unchanged,
    Reduced(Limit),
    Exhausted,
}

impl Limit {
    pub(super) fn from_any(any: Option<&Any>) -> Result<Self> {
        let Some(any) = any else { return Ok(Self::Undefined) };
        if any.type_url == MaxCallsLimit::type_url() {
            return Ok(Self::Calls(unpack::<MaxCallsLimit>(any)?.remaining));
        }
        if any.type_url == MaxFundsLimit::type_url() {
            return Ok(Self::Funds(coins_from_proto(&unpack::<MaxFundsLimit>(any)?.amounts)?));
        }
        if any.type_url == CombinedLimit::type_url() {
            let limit: CombinedLimit = unpack(any)?;
            return Ok(Self::Both { calls: limit.calls_remaining, funds: coins_from_proto(&limit.amounts)? });
        }
        Ok(Self::Undefined)
    }

    pub(super) fn to_any(&self) -> Any {
        match self {
            Self::Undefined => Any::default(),
            Self::Calls(remaining) => pack(&MaxCallsLimit { remaining: *remaining }),
            Self::Funds(amounts) => pack(&MaxFundsLimit { amounts: coins_to_proto(amounts) }),
            Self::Both { calls, funds } => {
                pack(&CombinedLimit { calls_remaining: *calls, amounts: coins_to_proto(funds) })
            }
        }
    }

    pub(super) fn validate(&self) -> Result<()> {
        match self {
            Self::Undefined => Err(undefined(&sdk::INVALID_TYPE, "limit")),
            Self::Calls(0) | Self::Both { calls: 0, .. } => Err(EMPTY.wrap("remaining calls")),
            Self::Calls(_) => Ok(()),
            Self::Funds(funds) => {
                funds.validate()?;
                if funds.is_zero() { Err(EMPTY.wrap("amounts")) } else { Ok(()) }
            }
            Self::Both { funds, .. } if funds.is_zero() => Err(EMPTY.wrap("amounts")),
            Self::Both { funds, .. } => funds.validate().map_err(|error| error.wrap("amounts")),
        }
    }

    pub(super) fn accept(&self, funds: &Coins) -> Result<Verdict> {
        let no_calls_left = || -> Error { sdk::UNAUTHORIZED.wrap("no calls left") };
        match self {
            Self::Undefined => Err(undefined(&sdk::NOT_FOUND, "limit")),
            Self::Calls(_) if !funds.is_empty() => Ok(Verdict::NotForThis),
            Self::Calls(0) => Err(no_calls_left()),
            Self::Calls(1) => Ok(Verdict::Exhausted),
            Self::Calls(calls) => Ok(Verdict::Reduced(Self::Calls(calls - 1))),
            Self::Funds(_) if funds.is_empty() => Ok(Verdict::Unchanged),
            Self::Funds(most) | Self::Both { funds: most, .. } if !funds.is_all_lte(most) => {
                Ok(Verdict::NotForThis)
            }
            Self::Funds(most) => {
                let left = most.sub(funds)?;
                Ok(if left.is_zero() { Verdict::Exhausted } else { Verdict::Reduced(Self::Funds(left)) })
            }
            Self::Both { calls: 0, .. } => Err(no_calls_left()),
            Self::Both { calls: 1, .. } => Ok(Verdict::Exhausted),
            Self::Both { calls, funds: most } => {
                let left = most.sub(funds)?;
                if left.is_zero() {
                    return Ok(Verdict::Exhausted);
                }
                Ok(Verdict::Reduced(Self::Both { calls: calls - 1, funds: left }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use iz_core::Coin;

    use super::*;

    fn coins(amount: u64) -> Coins {
        if amount == 0 { Coins::default() } else { Coins::one(Coin::new("stake", amount)) }
    }

    #[test]
    fn coins_are_taken_off_until_none_is_left() {
        let limit = Limit::Funds(coins(10));
        assert_eq!(limit.accept(&coins(0)).unwrap(), Verdict::Unchanged);
        assert_eq!(limit.accept(&coins(4)).unwrap(), Verdict::Reduced(Limit::Funds(coins(6))));
        assert_eq!(limit.accept(&coins(10)).unwrap(), Verdict::Exhausted);
        assert_eq!(limit.accept(&coins(11)).unwrap(), Verdict::NotForThis);
        assert_eq!(Limit::Calls(3).accept(&coins(1)).unwrap(), Verdict::NotForThis);
    }

    #[test]
    fn both_count_in_a_combined_limit() {
        let limit = Limit::Both { calls: 2, funds: coins(10) };
        let reduced = Limit::Both { calls: 1, funds: coins(6) };
        assert_eq!(limit.accept(&coins(4)).unwrap(), Verdict::Reduced(reduced.clone()));
        assert_eq!(reduced.accept(&coins(1)).unwrap(), Verdict::Exhausted);
        assert_eq!(limit.accept(&coins(10)).unwrap(), Verdict::Exhausted);
        assert_eq!(Limit::from_any(Some(&limit.to_any())).unwrap(), limit);
        let spent = Limit::Both { calls: 0, funds: coins(1) };
        assert_eq!(spent.accept(&coins(1)).unwrap_err().code(), 4);
        assert_eq!(Limit::Undefined.accept(&coins(1)).unwrap_err().log(), "undefined limit: not found");
    }
}
