//! The parameters of staking.

use iz_core::{Dec, Error, Result, coin::validate_denom};
use iz_proto::{Duration, cosmos::staking::v1beta1::Params as Wire};

use super::nanos;

#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    pub unbonding_time: Duration,
    pub max_validators: u32,
    pub max_entries: u32,
    pub historical_entries: u32,
    pub bond_denom: String,
    pub min_commission_rate: Dec,
}

impl Params {
    /// What a fresh chain begins with.
    #[must_use]
    pub fn fresh() -> Self {
        Self {
            unbonding_time: Duration { seconds: 21 * 24 * 3600, nanos: 0 },
            max_validators: 100,
            max_entries: 7,
            historical_entries: 10_000,
            bond_denom: "stake".to_owned(),
            min_commission_rate: Dec::ZERO,
        }
    }

    pub fn from_wire(wire: Wire) -> Result<Self> {
        Ok(Self {
            unbonding_time: wire.unbonding_time.unwrap_or_default(),
            max_validators: wire.max_validators,
            max_entries: wire.max_entries,
            historical_entries: wire.historical_entries,
            bond_denom: wire.bond_denom,
            min_commission_rate: Dec::from_wire(&wire.min_commission_rate)?,
        })
    }

    #[must_use]
    pub fn into_wire(self) -> Wire {
        Wire {
            unbonding_time: Some(self.unbonding_time),
            max_validators: self.max_validators,
            max_entries: self.max_entries,
            historical_entries: self.historical_entries,
            bond_denom: self.bond_denom,
            min_commission_rate: self.min_commission_rate.to_wire(),
        }
    }

    /// Reads and checks parameters that a message or a genesis brings.
    pub fn checked(wire: Wire) -> Result<Self> {
        let fail = |text: String| Err(Error::plain(text));
        let rate_is_absent = wire.min_commission_rate.is_empty();
        let params = Self::from_wire(wire)?;
        let unbonding_time = nanos(Some(&params.unbonding_time));
        if unbonding_time <= 0 {
            return fail(format!("unbonding time must be positive: {unbonding_time}"));
        }
        if params.max_validators == 0 {
            return fail("max validators must be positive: 0".to_owned());
        }
        if params.max_entries == 0 {
            return fail("max entries must be positive: 0".to_owned());
        }
        if params.bond_denom.trim().is_empty() {
            return fail("bond denom cannot be blank".to_owned());
        }
        validate_denom(&params.bond_denom)?;
        let rate = params.min_commission_rate;
        if rate_is_absent {
            return fail("minimum commission rate cannot be nil: <nil>".to_owned());
        }
        if rate.is_negative() {
            return fail(format!("minimum commission rate cannot be negative: {rate}"));
        }
        if rate > Dec::one() {
            return fail(format!("minimum commission rate cannot be greater than 100%: {rate}"));
        }
        Ok(params)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fresh_parameters_are_valid_and_bad_ones_are_named() {
        assert_eq!(Params::checked(Params::fresh().into_wire()).unwrap(), Params::fresh());
        let error = |change: fn(&mut Wire)| {
            let mut wire = Params::fresh().into_wire();
            change(&mut wire);
            Params::checked(wire).unwrap_err().to_string()
        };
        assert_eq!(error(|wire| wire.unbonding_time = None), "unbonding time must be positive: 0");
        assert_eq!(error(|wire| wire.bond_denom = " ".into()), "bond denom cannot be blank");
        assert_eq!(error(|wire| wire.bond_denom = "a".into()), "invalid denom: a");
        assert_eq!(
            error(|wire| wire.min_commission_rate = Dec::from(2).to_wire()),
            "minimum commission rate cannot be greater than 100%: 2.000000000000000000"
        );
    }
}
