//! Parameters of slashing, and what is known of a validator's signing.

use iz_core::{Dec, Error, Result, Timestamp, duration};
use iz_proto::{
    Duration,
    cosmos::slashing::v1beta1::{Params as WireParams, ValidatorSigningInfo as WireInfo},
};

#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    pub signed_blocks_window: i64,
    pub min_signed_per_window: Dec,
    pub downtime_jail_duration: Duration,
    pub slash_fraction_double_sign: Dec,
    pub slash_fraction_downtime: Dec,
}

impl Params {
    /// What a fresh chain begins with.
    #[must_use]
    pub fn fresh() -> Self {
        Self {
            signed_blocks_window: 100,
            min_signed_per_window: Dec::with_places(5, 1),
            downtime_jail_duration: Duration { seconds: 600, nanos: 0 },
            slash_fraction_double_sign: Dec::with_places(5, 2),
            slash_fraction_downtime: Dec::with_places(1, 2),
        }
    }

    pub fn from_wire(wire: &WireParams) -> Result<Self> {
        Ok(Self {
            signed_blocks_window: wire.signed_blocks_window,
            min_signed_per_window: Dec::from_wire_bytes(&wire.min_signed_per_window)?,
            downtime_jail_duration: wire.downtime_jail_duration.unwrap_or_default(),
            slash_fraction_double_sign: Dec::from_wire_bytes(&wire.slash_fraction_double_sign)?,
            slash_fraction_downtime: Dec::from_wire_bytes(&wire.slash_fraction_downtime)?,
        })
    }

    #[must_use]
    pub fn to_wire(&self) -> WireParams {
        WireParams {
            signed_blocks_window: self.signed_blocks_window,
            min_signed_per_window: self.min_signed_per_window.to_wire().into_bytes(),
            downtime_jail_duration: Some(self.downtime_jail_duration),
            slash_fraction_double_sign: self.slash_fraction_double_sign.to_wire().into_bytes(),
            slash_fraction_downtime: self.slash_fraction_downtime.to_wire().into_bytes(),
        }
    }

    /// Reads and checks the parameters of a message.
    pub fn checked(wire: &WireParams) -> Result<Self> {
        let params = Self::from_wire(wire)?;
        if params.signed_blocks_window <= 0 {
            return Err(Error::plain(format!(
                "signed blocks window must be positive: {}",
                params.signed_blocks_window
            )));
        }
        fraction("min signed per window", &wire.min_signed_per_window)?;
        let jail = duration::nanos(Some(&params.downtime_jail_duration));
        if jail <= 0 {
            return Err(Error::plain(format!(
                "downtime jail duration must be positive: {}",
                duration::go_string(jail)
            )));
        }
        fraction("double sign slash fraction", &wire.slash_fraction_double_sign)?;
        fraction("downtime slash fraction", &wire.slash_fraction_downtime)?;
        Ok(params)
    }

    /// What a genesis must bring: other bounds, in another order than a message's.
    pub fn check_genesis(&self) -> Result<()> {
        let fractions = [
            ("slashing fraction downtime", self.slash_fraction_downtime),
            ("slashing fraction double sign", self.slash_fraction_double_sign),
            ("min signed per window", self.min_signed_per_window),
        ];
        for (name, value) in fractions {
            if value.is_negative() || value > Dec::one() {
                return Err(Error::plain(format!(
                    "{name} should be less than or equal to one and greater than zero, is {value}"
                )));
            }
        }
        let jail = duration::nanos(Some(&self.downtime_jail_duration));
        if jail < 60_000_000_000 {
            return Err(Error::plain(format!(
                "downtime unjail duration must be at least 1 minute, is {}",
                duration::go_string(jail)
            )));
        }
        if self.signed_blocks_window < 10 {
            return Err(Error::plain(format!(
                "signed blocks window must be at least 10, is {}",
                self.signed_blocks_window
            )));
        }
        Ok(())
    }

    /// Blocks of the window that a validator must sign.
    pub fn min_signed_blocks(&self) -> Result<i64> {
        self.min_signed_per_window.mul_int(self.signed_blocks_window.into())?.round_i64()
    }
}

fn fraction(name: &str, wire: &[u8]) -> Result<()> {
    if wire.is_empty() {
        return Err(Error::plain(format!("{name} cannot be nil: <nil>")));
    }
    let value = Dec::from_wire_bytes(wire)?;
    if value.is_negative() {
        return Err(Error::plain(format!("{name} cannot be negative: {value}")));
    }
    if value > Dec::one() {
        return Err(Error::plain(format!("{name} too large: {value}")));
    }
    Ok(())
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningInfo {
    /// Consensus address as text.
    pub address: String,
    pub start_height: i64,
    pub index_offset: i64,
    pub jailed_until: Timestamp,
    pub tombstoned: bool,
    pub missed_blocks_counter: i64,
}

impl SigningInfo {
    #[must_use]
    pub fn from_wire(wire: WireInfo) -> Self {
        Self {
            address: wire.address,
            start_height: wire.start_height,
            index_offset: wire.index_offset,
            jailed_until: wire.jailed_until.as_ref().map_or(Timestamp::ZERO, Timestamp::from),
            tombstoned: wire.tombstoned,
            missed_blocks_counter: wire.missed_blocks_counter,
        }
    }

    #[must_use]
    pub fn into_wire(self) -> WireInfo {
        WireInfo {
            address: self.address,
            start_height: self.start_height,
            index_offset: self.index_offset,
            jailed_until: Some(self.jailed_until.into()),
            tombstoned: self.tombstoned,
            missed_blocks_counter: self.missed_blocks_counter,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fresh_parameters_pass_both_checks() {
        let fresh = Params::fresh();
        assert_eq!(Params::checked(&fresh.to_wire()).unwrap(), fresh);
        assert!(fresh.check_genesis().is_ok());
        assert_eq!(fresh.min_signed_blocks().unwrap(), 50);
    }

    #[test]
    fn bad_parameters_are_named() {
        let error = |change: fn(&mut WireParams)| {
            let mut wire = Params::fresh().to_wire();
            change(&mut wire);
            Params::checked(&wire).unwrap_err().to_string()
        };
        assert_eq!(
            error(|wire| wire.slash_fraction_downtime = Dec::from(2).to_wire().into_bytes()),
            "downtime slash fraction too large: 2.000000000000000000"
        );
        assert_eq!(
            error(|wire| wire.slash_fraction_double_sign.clear()),
            "double sign slash fraction cannot be nil: <nil>"
        );
        assert_eq!(
            error(|wire| wire.downtime_jail_duration = None),
            "downtime jail duration must be positive: 0s"
        );
    }
}
