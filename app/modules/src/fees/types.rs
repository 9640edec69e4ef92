//! The settings and the record of burns, as numbers.

use iz_core::{Dec, Error, Int, Result, coin::validate_denom};
use iz_proto::infinitezero::fees::v1 as wire;

use super::errors;

/// The native coin's base denomination, unless the genesis names another.
const NATIVE_DENOM: &str = "uiz";

/// All there will ever be of the native coin: 1,000,000,000 with six decimals.
pub const FIXED_SUPPLY: u64 = 1_000_000_000_000_000;

/// No unit of a coin is worth more units of the native coin than there are.
fn highest_rate() -> Dec {
    Dec::from_int(Int::from(FIXED_SUPPLY))
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedDenom {
    pub denom: String,
    /// Native units for one unit of it.
    pub rate: Dec,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Params {
    pub native_denom: String,
    pub accepted: Vec<AcceptedDenom>,
    pub burn_share: Dec,
    pub community_pool_share: Dec,
}

impl Params {
    /// Only the native coin is taken; a tenth is burned, a tenth goes to the community.
    #[must_use]
    pub fn standard() -> Self {
        Self {
            native_denom: NATIVE_DENOM.to_owned(),
            accepted: Vec::new(),
            burn_share: Dec::with_places(1, 1),
            community_pool_share: Dec::with_places(1, 1),
        }
    }

    pub fn from_wire(params: &wire::Params) -> Result<Self> {
        let accepted = params.accepted_denoms.iter().map(|accepted| {
            Ok(AcceptedDenom { denom: accepted.denom.clone(), rate: Dec::from_wire(&accepted.rate)? })
        });
        Ok(Self {
            native_denom: params.native_denom.clone(),
            accepted: accepted.collect::<Result<_>>()?,
            burn_share: Dec::from_wire(&params.burn_share)?,
            community_pool_share: Dec::from_wire(&params.community_pool_share)?,
        })
    }

    #[must_use]
    pub fn to_wire(&self) -> wire::Params {
        let accepted = self.accepted.iter().map(|accepted| wire::AcceptedDenom {
            denom: accepted.denom.clone(),
            rate: accepted.rate.to_wire(),
        });
        wire::Params {
            native_denom: self.native_denom.clone(),
            accepted_denoms: accepted.collect(),
            burn_share: self.burn_share.to_wire(),
            community_pool_share: self.community_pool_share.to_wire(),
        }
    }

    /// Settings from outside, if every ratio in them makes sense.
    pub fn checked(params: &wire::Params) -> Result<Self> {
        let missing =
            [("burn share", &params.burn_share), ("community pool share", &params.community_pool_share)];
        if let Some((name, _)) = missing.iter().find(|(_, share)| share.is_empty()) {
            return Err(refused(format!("{name} is missing")));
        }
        let parsed = Self::from_wire(params).map_err(|error| error.recast(&errors::INVALID_PARAMS))?;
        parsed.validate()?;
        Ok(parsed)
    }

    fn validate(&self) -> Result<()> {
        validate_denom(&self.native_denom).map_err(|error| refused(format!("native coin: {error}")))?;
        require_share("burn share", self.burn_share)?;
        require_share("community pool share", self.community_pool_share)?;
        let together = self.burn_share.add(self.community_pool_share)?;
        if together > Dec::one() {
            return Err(refused(format!("the shares come to {together}, which is more than the whole fee")));
        }
        for (place, accepted) in self.accepted.iter().enumerate() {
            let AcceptedDenom { denom, rate } = accepted;
            validate_denom(denom).map_err(|error| refused(format!("accepted coin: {error}")))?;
            if *denom == self.native_denom {
                return Err(refused(format!("{denom} is the native coin and needs no rate")));
            }
            if self.accepted[..place].iter().any(|earlier| earlier.denom == *denom) {
                return Err(refused(format!("{denom} is listed twice")));
            }
            if !rate.is_positive() {
                return Err(refused(format!("the rate of {denom} must be positive: {rate}")));
            }
            if *rate > highest_rate() {
                return Err(refused(format!("the rate of {denom} is too large: {rate}")));
            }
        }
        Ok(())
    }

    /// What one unit of a denomination is worth; none if no fee is taken in it.
    #[must_use]
    pub fn rate(&self, denom: &str) -> Option<Dec> {
        if denom == self.native_denom {
            return Some(Dec::one());
        }
        self.accepted.iter().find(|accepted| accepted.denom == denom).map(|accepted| accepted.rate)
    }
}

/// `amount` units at `rate` in native units. More than there are counts as all there are.
#[must_use]
pub fn native_worth(amount: Int, rate: Dec) -> Dec {
    let all = highest_rate();
    rate.mul_int(amount).map_or(all, |worth| worth.min(all))
}

fn require_share(name: &str, share: Dec) -> Result<()> {
    if share.is_negative() || share > Dec::one() {
        return Err(refused(format!("{name} must be between 0 and 1: {share}")));
    }
    Ok(())
}

fn refused(why: String) -> Error {
    errors::INVALID_PARAMS.wrap(why)
}

/// How much fees have burned, and how much the community pool has yet to burn for fees in other coins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    pub burned: Int,
    pub owed: Dec,
}

impl Record {
    pub fn from_wire(record: &wire::BurnRecord) -> Result<Self> {
        Ok(Self { burned: Int::from_wire(&record.burned)?, owed: Dec::from_wire(&record.owed)? })
    }

    #[must_use]
    pub fn to_wire(self) -> wire::BurnRecord {
        wire::BurnRecord { burned: self.burned.to_string(), owed: self.owed.to_wire() }
    }

    /// A record that can be true: neither more nor less than what there is.
    pub fn validate(self) -> Result<()> {
        let all = Int::from(FIXED_SUPPLY);
        let refused = |what: String| Err(errors::INVALID_GENESIS.wrap(what));
        if self.burned.is_negative() || self.burned > all {
            return refused(format!("burned must be between 0 and {all}: {}", self.burned));
        }
        if self.owed.is_negative() || self.owed > Dec::from_int(all) {
            return refused(format!("owed must be between 0 and {all}: {}", self.owed));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(change: fn(&mut Params)) -> String {
        let mut params = Params::standard();
        change(&mut params);
        let error = Params::checked(&params.to_wire()).unwrap_err();
        assert_eq!((error.codespace(), error.code()), ("fees", 2));
        error.log().trim_end_matches(": invalid fee parameters").to_owned()
    }

    fn accept(params: &mut Params, denom: &str, rate: &str) {
        params.accepted.push(AcceptedDenom { denom: denom.to_owned(), rate: rate.parse().unwrap() });
    }

    #[test]
    fn the_standard_settings_are_valid_and_survive_the_wire() {
        let params = Params::standard();
        assert_eq!(Params::checked(&params.to_wire()).unwrap(), params);
    }

    #[test]
    fn wrong_ratios_are_refused_with_a_reason() {
        assert_eq!(
            refusal(|params| params.burn_share = Dec::with_places(-1, 1)),
            "burn share must be between 0 and 1: -0.100000000000000000"
        );
        assert_eq!(
            refusal(|params| params.community_pool_share = Dec::with_places(11, 1)),
            "community pool share must be between 0 and 1: 1.100000000000000000"
        );
        assert_eq!(
            refusal(|params| {
                params.burn_share = Dec::with_places(6, 1);
                params.community_pool_share = Dec::with_places(5, 1);
            }),
            "the shares come to 1.100000000000000000, which is more than the whole fee"
        );
        assert_eq!(
            refusal(|params| accept(params, "uusd", "0")),
            "the rate of uusd must be positive: 0.000000000000000000"
        );
        assert_eq!(refusal(|params| accept(params, "uiz", "1")), "uiz is the native coin and needs no rate");
        assert_eq!(
            refusal(|params| {
                accept(params, "uusd", "1");
                accept(params, "uusd", "2");
            }),
            "uusd is listed twice"
        );
        assert!(refusal(|params| accept(params, "uusd", "1000000000000001")).contains("too large"));
        assert!(refusal(|params| params.native_denom.clear()).starts_with("native coin: invalid denom"));
        let mut wire = Params::standard().to_wire();
        wire.burn_share.clear();
        assert!(Params::checked(&wire).unwrap_err().log().starts_with("burn share is missing"));
        wire.burn_share = "a tenth".into();
        assert_eq!(Params::checked(&wire).unwrap_err().code(), 2);
    }

    #[test]
    fn worth_is_bounded_by_what_there_is() {
        let huge: Int =
            "115792089237316195423570985008687907853269984665640564039457584007913129639935".parse().unwrap();
        assert_eq!(native_worth(huge, Dec::from_int(Int::from(1_000_000))), highest_rate());
        assert_eq!(native_worth(Int::from(3), Dec::with_places(25, 1)).to_string(), "7.500000000000000000");
    }
}
