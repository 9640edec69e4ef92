//! Gas prices and the fees that follow, without floating point.

use std::fmt;
use std::str::FromStr;

use crate::{ChainError, Coin, coin};

/// Digits after the decimal point that a price may have, as in the SDK.
const PLACES: usize = 18;

/// The price of a unit of gas in one denomination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GasPrice {
    /// In units of 10⁻¹⁸.
    atoms: u128,
    denom: String,
}

impl GasPrice {
    pub fn denom(&self) -> &str {
        &self.denom
    }

    /// What so much gas costs, rounded up.
    pub fn fee(&self, gas: u64) -> Coin {
        let unit = 10u128.pow(PLACES as u32);
        // in two parts, since the product may not fit
        let (whole, part) = (self.atoms / unit, self.atoms % unit);
        let amount =
            whole.saturating_mul(gas.into()).saturating_add(part.saturating_mul(gas.into()).div_ceil(unit));
        coin(amount, &self.denom)
    }
}

impl FromStr for GasPrice {
    type Err = ChainError;

    fn from_str(text: &str) -> Result<Self, ChainError> {
        let wrong = || ChainError::GasPrice(text.to_owned());
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(wrong)?;
        let (number, denom) = text.split_at(end);
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        let of_a_denomination = |c: char| c.is_ascii_alphanumeric() || "/:._-".contains(c);
        if whole.is_empty()
            || part.len() > PLACES
            || part.contains('.')
            || denom.len() < 3
            || !denom.starts_with(|c: char| c.is_ascii_alphabetic())
            || !denom.chars().all(of_a_denomination)
        {
            return Err(wrong());
        }
        let atoms = format!("{whole}{part:0<PLACES$}").parse().map_err(|_| wrong())?;
        Ok(Self { atoms, denom: denom.to_owned() })
    }
}

impl fmt::Display for GasPrice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10u128.pow(PLACES as u32);
        let part = format!("{:018}", self.atoms % unit);
        write!(formatter, "{}", self.atoms / unit)?;
        match part.trim_end_matches('0') {
            "" => {}
            digits => write!(formatter, ".{digits}")?,
        }
        formatter.write_str(&self.denom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fee_is_the_price_times_the_gas_rounded_up() {
        let price: GasPrice = "0.025uiz".parse().unwrap();
        assert_eq!(price.fee(200_000), coin(5000, "uiz"));
        assert_eq!(price.fee(200_001), coin(5001, "uiz"));
        assert_eq!(price.fee(0), coin(0, "uiz"));
        let dear: GasPrice = "3000000000.000000000000000001ibc/AB".parse().unwrap();
        assert_eq!(dear.fee(1 << 60).amount, ((3_000_000_000u128 << 60) + 2).to_string());
        assert_eq!(price.to_string(), "0.025uiz");
        assert_eq!(dear.to_string(), "3000000000.000000000000000001ibc/AB");
        assert_eq!("7stake".parse::<GasPrice>().unwrap().to_string(), "7stake");
    }

    #[test]
    fn what_is_no_price_is_refused() {
        for text in [
            "",
            "uiz",
            "0.025",
            "1..2uiz",
            ".5uiz",
            "1 uiz",
            "1u",
            "0.0000000000000000001uiz",
            "1uiz,2x",
            "1é",
        ] {
            assert_eq!(text.parse::<GasPrice>(), Err(ChainError::GasPrice(text.to_owned())), "{text}");
        }
    }
}
