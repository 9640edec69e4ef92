//! The minter and its settings, as numbers.

use iz_core::{Coin, Dec, Error, Int, Result, coin::validate_denom};
use iz_proto::cosmos::mint::v1beta1 as wire;

/// Inflation of the present block and what it comes to in a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minter {
    pub inflation: Dec,
    pub annual_provisions: Dec,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Params {
    pub mint_denom: String,
    pub inflation_rate_change: Dec,
    pub inflation_max: Dec,
    pub inflation_min: Dec,
    pub goal_bonded: Dec,
    pub blocks_per_year: u64,
}

impl Minter {
    /// 13% a year, and nothing minted yet.
    #[must_use]
    pub fn initial() -> Self {
        Self { inflation: Dec::with_places(13, 2), annual_provisions: Dec::ZERO }
    }

    pub fn from_wire(minter: &wire::Minter) -> Result<Self> {
        Ok(Self {
            inflation: Dec::from_wire(&minter.inflation)?,
            annual_provisions: Dec::from_wire(&minter.annual_provisions)?,
        })
    }

    #[must_use]
    pub fn to_wire(self) -> wire::Minter {
        wire::Minter {
            inflation: self.inflation.to_wire(),
            annual_provisions: self.annual_provisions.to_wire(),
        }
    }

    /// `ValidateMinter`.
    pub fn validate(self) -> Result<()> {
        if self.inflation.is_negative() {
            let text = format!("mint parameter Inflation should be positive, is {}", self.inflation);
            return Err(Error::plain(text));
        }
        Ok(())
    }

    /// Inflation moves towards its bounds the faster the farther the bonded share is from its goal.
    pub fn next_inflation(self, params: &Params, bonded_ratio: Dec) -> Result<Dec> {
        let distance = Dec::one().sub(bonded_ratio.quo(params.goal_bonded)?)?;
        let change_a_year = distance.mul(params.inflation_rate_change)?;
        let change = change_a_year.quo(Dec::from_int(params.blocks()))?;
        let inflation = self.inflation.add(change)?;
        // in this order: where the bounds contradict each other, the lower one wins
        Ok(inflation.min(params.inflation_max).max(params.inflation_min))
    }

    /// What one block mints.
    pub fn block_provision(self, params: &Params) -> Result<Coin> {
        let amount = self.annual_provisions.quo_int(params.blocks())?.truncate_int()?;
        validate_denom(&params.mint_denom).map_err(|error| Error::panic(error.log()))?;
        if amount.is_negative() {
            return Err(Error::panic(format!("negative coin amount: {amount}")));
        }
        Ok(Coin::new(params.mint_denom.clone(), amount))
    }
}

impl Params {
    /// The values of `wasmd init`.
    #[must_use]
    pub fn standard(denom: &str) -> Self {
        Self {
            mint_denom: denom.to_owned(),
            inflation_rate_change: Dec::with_places(13, 2),
            inflation_max: Dec::with_places(20, 2),
            inflation_min: Dec::with_places(7, 2),
            goal_bonded: Dec::with_places(67, 2),
            blocks_per_year: 60 * 60 * 8_766 / 5,
        }
    }

    pub fn from_wire(params: &wire::Params) -> Result<Self> {
        Ok(Self {
            mint_denom: params.mint_denom.clone(),
            inflation_rate_change: Dec::from_wire(&params.inflation_rate_change)?,
            inflation_max: Dec::from_wire(&params.inflation_max)?,
            inflation_min: Dec::from_wire(&params.inflation_min)?,
            goal_bonded: Dec::from_wire(&params.goal_bonded)?,
            blocks_per_year: params.blocks_per_year,
        })
    }

    #[must_use]
    pub fn to_wire(&self) -> wire::Params {
        wire::Params {
            mint_denom: self.mint_denom.clone(),
            inflation_rate_change: self.inflation_rate_change.to_wire(),
            inflation_max: self.inflation_max.to_wire(),
            inflation_min: self.inflation_min.to_wire(),
            goal_bonded: self.goal_bonded.to_wire(),
            blocks_per_year: self.blocks_per_year,
        }
    }

    /// Blocks a year as Go's signed number.
    fn blocks(&self) -> Int {
        Int::from(self.blocks_per_year.cast_signed())
    }

    /// `Params.Validate` of settings from outside: Go tells a missing decimal from a zero one, so it looks at the wire.
    pub fn checked(params: &wire::Params) -> Result<Self> {
        let parsed = Self::from_wire(params)?;
        if parsed.mint_denom.trim().is_empty() {
            return Err(Error::plain("mint denom cannot be blank"));
        }
        validate_denom(&parsed.mint_denom)?;
        share("inflation rate change", &params.inflation_rate_change, parsed.inflation_rate_change)?;
        share("max inflation", &params.inflation_max, parsed.inflation_max)?;
        share("min inflation", &params.inflation_min, parsed.inflation_min)?;
        present("goal bonded", &params.goal_bonded)?;
        if !parsed.goal_bonded.is_positive() {
            return Err(Error::plain(format!("goal bonded must be positive: {}", parsed.goal_bonded)));
        }
        not_above_one("goal bonded", parsed.goal_bonded)?;
        if parsed.blocks_per_year == 0 {
            return Err(Error::plain("blocks per year must be positive: 0"));
        }
        if i64::try_from(parsed.blocks_per_year).is_err() {
            let (blocks, most) = (parsed.blocks_per_year, i64::MAX);
            return Err(Error::plain(format!(
                "blocks per year too large: {blocks}, maximum value is: {most}"
            )));
        }
        if parsed.inflation_max < parsed.inflation_min {
            return Err(Error::plain(format!(
                "max inflation ({}) must be greater than or equal to min inflation ({})",
                parsed.inflation_max, parsed.inflation_min
            )));
        }
        Ok(parsed)
    }
}

fn share(name: &str, wire: &str, value: Dec) -> Result<()> {
    present(name, wire)?;
    if value.is_negative() {
        return Err(Error::plain(format!("{name} cannot be negative: {value}")));
    }
    not_above_one(name, value)
}

fn present(name: &str, wire: &str) -> Result<()> {
    if wire.is_empty() { Err(Error::plain(format!("{name} cannot be nil: <nil>"))) } else { Ok(()) }
}

fn not_above_one(name: &str, value: Dec) -> Result<()> {
    if value > Dec::one() { Err(Error::plain(format!("{name} too large: {value}"))) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(inflation: &str, bonded: &str) -> String {
        let minter = Minter { inflation: inflation.parse().unwrap(), annual_provisions: Dec::ZERO };
        let params = Params::standard("stake");
        minter.next_inflation(&params, bonded.parse().unwrap()).unwrap().to_string()
    }

    #[test]
    fn inflation_follows_the_bonded_share_within_its_bounds() {
        assert_eq!(next("0.07", "0"), "0.070000020597257079");
        assert_eq!(next("0.07", "1"), "0.070000000000000000");
        assert_eq!(next("0.2", "0"), "0.200000000000000000");
        assert_eq!(next("0.2", "1"), "0.199999989855082334");
        assert_eq!(next("0.1", "0.5"), "0.100000005226169707");
        assert_eq!(next("0.15", "0.67"), "0.150000000000000000");
    }

    #[test]
    fn a_block_mints_its_part_of_the_year() {
        let minter =
            Minter { inflation: Dec::ZERO, annual_provisions: Dec::from_int(Int::from(6_311_520 * 3 + 5)) };
        assert_eq!(minter.block_provision(&Params::standard("stake")).unwrap().to_string(), "3stake");
    }

    #[test]
    fn wrong_settings_have_the_texts_of_the_sdk() {
        let text = |change: fn(&mut wire::Params)| {
            let mut params = Params::standard("stake").to_wire();
            change(&mut params);
            Params::checked(&params).unwrap_err().to_string()
        };
        assert_eq!(text(|p| p.mint_denom.clear()), "mint denom cannot be blank");
        assert_eq!(text(|p| p.inflation_max.clear()), "max inflation cannot be nil: <nil>");
        assert_eq!(
            text(|p| p.goal_bonded = "0".into()),
            "goal bonded must be positive: 0.000000000000000000"
        );
        assert_eq!(
            text(|p| p.inflation_min = "300000000000000000".into()),
            "max inflation (0.200000000000000000) must be greater than or equal to min inflation (0.300000000000000000)"
        );
        assert_eq!(
            text(|p| p.blocks_per_year = u64::MAX),
            "blocks per year too large: 18446744073709551615, maximum value is: 9223372036854775807"
        );
    }
}
