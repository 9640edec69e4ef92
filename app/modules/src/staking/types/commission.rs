//! A validator's commission and the bounds of its changes.

use iz_core::{Dec, Result, Timestamp};
use iz_proto::cosmos::staking::v1beta1 as wire;

use crate::staking::errors;

use super::{moment, required_dec};

const DAY: i128 = 24 * 3600 * 1_000_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommissionRates {
    pub rate: Dec,
    pub max_rate: Dec,
    pub max_change_rate: Dec,
}

impl CommissionRates {
    pub const ZERO: Self = Self { rate: Dec::ZERO, max_rate: Dec::ZERO, max_change_rate: Dec::ZERO };

    /// Reads and checks the rates of a message. A missing one is Go's nil pointer, which matters only once a check looks at it.
    pub fn checked(rates: &wire::CommissionRates) -> Result<Self> {
        let max_rate = required_dec(&rates.max_rate)?;
        if max_rate.is_negative() {
            return Err((&errors::COMMISSION_NEGATIVE).into());
        }
        if max_rate > Dec::one() {
            return Err((&errors::COMMISSION_HUGE).into());
        }
        let rate = required_dec(&rates.rate)?;
        if rate.is_negative() {
            return Err((&errors::COMMISSION_NEGATIVE).into());
        }
        if rate > max_rate {
            return Err((&errors::COMMISSION_GT_MAX_RATE).into());
        }
        let max_change_rate = required_dec(&rates.max_change_rate)?;
        if max_change_rate.is_negative() {
            return Err((&errors::COMMISSION_CHANGE_RATE_NEGATIVE).into());
        }
        if max_change_rate > max_rate {
            return Err((&errors::COMMISSION_CHANGE_RATE_GT_MAX_RATE).into());
        }
        Ok(Self { rate, max_rate, max_change_rate })
    }

    fn from_wire(rates: &wire::CommissionRates) -> Result<Self> {
        Ok(Self {
            rate: Dec::from_wire(&rates.rate)?,
            max_rate: Dec::from_wire(&rates.max_rate)?,
            max_change_rate: Dec::from_wire(&rates.max_change_rate)?,
        })
    }

    #[must_use]
    pub fn to_wire(&self) -> wire::CommissionRates {
        wire::CommissionRates {
            rate: self.rate.to_wire(),
            max_rate: self.max_rate.to_wire(),
            max_change_rate: self.max_change_rate.to_wire(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Commission {
    pub rates: CommissionRates,
    pub update_time: Timestamp,
}

impl Commission {
    pub fn from_wire(commission: Option<&wire::Commission>) -> Result<Self> {
        let rates = commission.and_then(|commission| commission.commission_rates.as_ref());
        Ok(Self {
            rates: rates.map_or(Ok(CommissionRates::ZERO), CommissionRates::from_wire)?,
            update_time: moment(commission.and_then(|commission| commission.update_time.as_ref())),
        })
    }

    #[must_use]
    pub fn to_wire(&self) -> wire::Commission {
        wire::Commission {
            commission_rates: Some(self.rates.to_wire()),
            update_time: Some(self.update_time.into()),
        }
    }

    /// What must hold for a change of the rate at `now`.
    pub fn validate_new_rate(&self, rate: Dec, now: Timestamp) -> Result<()> {
        if now.nanos_since_epoch() - self.update_time.nanos_since_epoch() < DAY {
            return Err((&errors::COMMISSION_UPDATE_TIME).into());
        }
        if rate.is_negative() {
            return Err((&errors::COMMISSION_NEGATIVE).into());
        }
        if rate > self.rates.max_rate {
            return Err((&errors::COMMISSION_GT_MAX_RATE).into());
        }
        if rate.sub(self.rates.rate)? > self.rates.max_change_rate {
            return Err((&errors::COMMISSION_GT_MAX_CHANGE_RATE).into());
        }
        Ok(())
    }

    /// The text in the `edit_validator` event: gogoproto's compact form, in which decimals stand as on the wire.
    #[must_use]
    pub fn compact_text(&self) -> String {
        let rates = self.rates.to_wire();
        let mut time = String::new();
        if self.update_time.seconds != 0 {
            time.push_str(&format!("seconds:{} ", self.update_time.seconds));
        }
        if self.update_time.nanos != 0 {
            time.push_str(&format!("nanos:{} ", self.update_time.nanos));
        }
        format!(
            "commission_rates:<rate:\"{}\" max_rate:\"{}\" max_change_rate:\"{}\" > update_time:<{time}> ",
            rates.rate, rates.max_rate, rates.max_change_rate
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commission(rate: &str, max: &str, change: &str, update_time: Timestamp) -> Commission {
        let rates = CommissionRates {
            rate: rate.parse().unwrap(),
            max_rate: max.parse().unwrap(),
            max_change_rate: change.parse().unwrap(),
        };
        Commission { rates, update_time }
    }

    #[test]
    fn the_event_text_is_that_of_gogoproto() {
        let text =
            commission("0.1", "0.2", "0.01", Timestamp { seconds: 1_700_000_000, nanos: 123 }).compact_text();
        assert_eq!(
            text,
            "commission_rates:<rate:\"100000000000000000\" max_rate:\"200000000000000000\" \
             max_change_rate:\"10000000000000000\" > update_time:<seconds:1700000000 nanos:123 > "
        );
        let text = commission("0", "1", "0", Timestamp::EPOCH).compact_text();
        assert_eq!(
            text,
            "commission_rates:<rate:\"0\" max_rate:\"1000000000000000000\" max_change_rate:\"0\" > update_time:<> "
        );
    }

    #[test]
    fn a_rate_changes_once_a_day_and_within_its_bounds() {
        let start = Timestamp { seconds: 1_000_000, nanos: 0 };
        let commission = commission("0.1", "0.2", "0.05", start);
        let day = start.plus_nanos(DAY);
        let code = |rate: &str, now: Timestamp| {
            commission.validate_new_rate(rate.parse().unwrap(), now).map_err(|error| error.code())
        };
        assert_eq!(code("0.11", day.plus_nanos(-1)), Err(12));
        assert_eq!(code("0.11", day), Ok(()));
        assert_eq!(code("0.16", day), Err(15));
        assert_eq!(code("0.3", day), Err(11));
        assert_eq!(code("-0.1", day), Err(9));
    }
}
