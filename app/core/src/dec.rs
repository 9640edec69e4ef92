//! Decimals with 18 places, as `cosmossdk.io/math.LegacyDec`: banker's rounding where Go rounds, truncation where it truncates.

#![allow(
    clippy::should_implement_trait,
    reason = "arithmetic here can fail, so it returns a result and cannot be an operator"
)]

use std::{fmt, ops::Neg, str::FromStr};

use crate::{
    Error, Int, Result,
    int::parse_digits,
    wide::{Wide, Wider, narrow, widen},
};

/// Decimal places.
pub const PRECISION: usize = 18;
const UNIT: u64 = 1_000_000_000_000_000_000;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Dec(Wide);

impl Dec {
    pub const ZERO: Self = Self(Wide::ZERO);

    #[must_use]
    pub fn one() -> Self {
        Self(unit())
    }

    /// The smallest positive decimal.
    #[must_use]
    pub const fn smallest() -> Self {
        Self(Wide::ONE)
    }

    /// `value` × 10^-`places`; `places` at most 18.
    #[must_use]
    pub fn with_places(value: i64, places: u32) -> Self {
        let scale = 10_u64.pow(18_u32.saturating_sub(places));
        Self(Wide::from(value) * Wide::from(scale))
    }

    pub fn from_int(value: Int) -> Self {
        // 256 bits times 10^18 always fits
        Self(value.0 * unit())
    }

    fn checked(value: Wider) -> Result<Self> {
        let value = narrow(value).ok_or_else(|| Error::panic("Int overflow"))?;
        let result = Self(value);
        if result.is_in_range() { Ok(result) } else { Err(Error::panic("Int overflow")) }
    }

    /// Magnitude at most 2^256 × 10^18.
    fn is_in_range(self) -> bool {
        let limit = (Wide::ONE << 256_u32) * unit();
        self.0 <= limit && self.0 >= limit.neg()
    }

    pub fn add(self, other: Self) -> Result<Self> {
        Self::checked(widen(self.0) + widen(other.0))
    }

    pub fn sub(self, other: Self) -> Result<Self> {
        Self::checked(widen(self.0) - widen(other.0))
    }

    pub fn mul(self, other: Self) -> Result<Self> {
        Self::checked(chop_round(widen(self.0) * widen(other.0)))
    }

    pub fn mul_truncate(self, other: Self) -> Result<Self> {
        Self::checked(widen(self.0) * widen(other.0) / widen(unit()))
    }

    pub fn mul_round_up(self, other: Self) -> Result<Self> {
        let product = widen(self.0) * widen(other.0);
        let (quotient, rest) = (product / widen(unit()), product % widen(unit()));
        Self::checked(if rest.is_positive() { quotient + Wider::ONE } else { quotient })
    }

    pub fn mul_int(self, other: Int) -> Result<Self> {
        Self::checked(widen(self.0) * widen(other.0))
    }

    pub fn quo(self, other: Self) -> Result<Self> {
        other.divisor()?;
        Self::checked(chop_round(widen(self.0) * widen(unit()) * widen(unit()) / widen(other.0)))
    }

    pub fn quo_truncate(self, other: Self) -> Result<Self> {
        other.divisor()?;
        Self::checked(widen(self.0) * widen(unit()) / widen(other.0))
    }

    pub fn quo_round_up(self, other: Self) -> Result<Self> {
        other.divisor()?;
        let scaled = widen(self.0) * widen(unit());
        let (quotient, rest) = (scaled / widen(other.0), scaled % widen(other.0));
        // Go looks at the sign of the quotient, not of the dividend: the two differ only when the quotient is zero
        let negative = quotient.is_negative();
        let same_sign = negative == other.is_negative();
        let up = (rest.is_positive() && same_sign) || (rest.is_negative() && !same_sign);
        Self::checked(if up { quotient + Wider::ONE } else { quotient })
    }

    pub fn quo_int(self, other: Int) -> Result<Self> {
        if other.is_zero() {
            return Err(Error::panic("division by zero"));
        }
        Ok(Self(self.0 / other.0))
    }

    fn divisor(self) -> Result<()> {
        if self.is_zero() { Err(Error::panic("division by zero")) } else { Ok(()) }
    }

    /// `self` to a whole power, rounding at each multiplication as Go does.
    pub fn power(self, power: u64) -> Result<Self> {
        if power == 0 {
            return Ok(Self::one());
        }
        let (mut base, mut rest, mut left) = (self, Self::one(), power);
        while left > 1 {
            if left % 2 != 0 {
                rest = rest.mul(base)?;
            }
            left /= 2;
            base = base.mul(base)?;
        }
        base.mul(rest)
    }

    pub fn truncate_int(self) -> Result<Int> {
        Int::checked(self.0 / unit())
    }

    pub fn round_int(self) -> Result<Int> {
        narrow(chop_round(widen(self.0))).ok_or_else(|| Error::panic("Int overflow")).and_then(Int::checked)
    }

    pub fn truncate_i64(self) -> Result<i64> {
        self.truncate_int()?.to_i64()
    }

    pub fn round_i64(self) -> Result<i64> {
        self.round_int()?.to_i64()
    }

    #[must_use]
    pub fn truncate(self) -> Self {
        Self(self.0 - self.0 % unit())
    }

    pub fn ceil(self) -> Result<Self> {
        let (quotient, rest) = (self.0 / unit(), self.0 % unit());
        let quotient = if rest.is_positive() { quotient + Wide::ONE } else { quotient };
        Self::checked(widen(quotient) * widen(unit()))
    }

    #[must_use]
    pub fn is_integer(self) -> bool {
        (self.0 % unit()).is_zero()
    }

    #[must_use]
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    #[must_use]
    pub fn is_negative(self) -> bool {
        self.0.is_negative()
    }

    #[must_use]
    pub fn is_positive(self) -> bool {
        self.0.is_positive()
    }

    #[must_use]
    pub fn abs(self) -> Self {
        Self(self.0.abs())
    }

    /// The text on the wire and in the store: the value × 10^18 as a whole number. Empty counts as zero.
    pub fn from_wire(text: &str) -> Result<Self> {
        Self::from_wire_bytes(text.as_bytes())
    }

    /// The same for the `bytes` fields that hold such a text.
    pub fn from_wire_bytes(text: &[u8]) -> Result<Self> {
        let failed = || {
            Error::plain(format!(
                "math/big: cannot unmarshal {:?} into a *big.Int",
                String::from_utf8_lossy(text)
            ))
        };
        if text.is_empty() {
            return Ok(Self::ZERO);
        }
        let (negative, digits) = text.strip_prefix(b"-").map_or((false, text), |rest| (true, rest));
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return Err(failed());
        }
        let value = parse_digits(digits).ok_or_else(failed)?;
        let result = Self(if negative { value.neg() } else { value });
        if result.is_in_range() { Ok(result) } else { Err(Error::plain("decimal out of range")) }
    }

    #[must_use]
    pub fn to_wire(self) -> String {
        Int(self.0).to_string()
    }
}

fn unit() -> Wide {
    Wide::from(UNIT)
}

/// Drops 18 digits; halves go to the even neighbour.
fn chop_round(value: Wider) -> Wider {
    let unit = widen(unit());
    let half = unit / Wider::from(2_u8);
    let magnitude = value.abs();
    let (quotient, rest) = (magnitude / unit, magnitude % unit);
    let up = rest > half || (rest == half && quotient.bit(0));
    let rounded = if up { quotient + Wider::ONE } else { quotient };
    if value.is_negative() { rounded.neg() } else { rounded }
}

/// `LegacyNewDecFromStr`: digits with at most 18 places.
impl FromStr for Dec {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        if digits.is_empty() {
            return Err(Error::plain("decimal string cannot be empty"));
        }
        let mut parts = digits.split('.');
        let whole = parts.next().unwrap_or_default();
        let places = parts.next();
        if parts.next().is_some() {
            return Err(Error::plain("invalid decimal string"));
        }
        if places.is_some_and(|places| places.is_empty() || whole.is_empty()) {
            return Err(Error::plain("invalid decimal length"));
        }
        let places = places.unwrap_or_default();
        if places.len() > PRECISION {
            let excess = i64::try_from(places.len() - PRECISION).unwrap_or(i64::MAX);
            return Err(Error::plain(format!(
                "value '{digits}' exceeds max precision by {} decimal places: max precision {PRECISION}",
                -excess
            )));
        }
        let combined = format!("{whole}{places}{}", "0".repeat(PRECISION - places.len()));
        let failed = || Error::plain(format!("failed to set decimal string with base 10: {combined}"));
        // Go's big.Int accepts one more sign here
        let (inner_negative, bare) = match combined.as_bytes() {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            all => (false, all),
        };
        if bare.is_empty() || !bare.iter().all(u8::is_ascii_digit) {
            return Err(failed());
        }
        let out_of_range = || Error::plain("out of range: invalid decimal string");
        let value = parse_digits(bare).ok_or_else(out_of_range)?;
        let result = Self(if negative != inner_negative { value.neg() } else { value });
        if result.is_in_range() { Ok(result) } else { Err(out_of_range()) }
    }
}

impl fmt::Display for Dec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.is_negative() { "-" } else { "" };
        let digits = Int(self.0.abs()).to_string();
        let padded = format!("{digits:0>19}");
        let (whole, places) = padded.split_at(padded.len() - PRECISION);
        write!(f, "{sign}{whole}.{places}")
    }
}

impl fmt::Debug for Dec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Neg for Dec {
    type Output = Self;

    fn neg(self) -> Self {
        Self(self.0.neg())
    }
}

impl From<i64> for Dec {
    fn from(value: i64) -> Self {
        Self(Wide::from(value) * unit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Dec {
        text.parse().unwrap()
    }

    #[test]
    fn halves_round_to_even() {
        let half = dec("0.5");
        let tiny = Dec::smallest();
        assert_eq!(tiny.mul(half).unwrap(), Dec::ZERO);
        assert_eq!(dec("0.000000000000000003").mul(half).unwrap(), dec("0.000000000000000002"));
        assert_eq!(dec("-0.000000000000000003").mul(half).unwrap(), dec("-0.000000000000000002"));
        assert_eq!(dec("2.5").round_int().unwrap(), Int::from(2_i64));
        assert_eq!(dec("3.5").round_int().unwrap(), Int::from(4_i64));
    }

    #[test]
    fn division_rounds_truncates_or_goes_up_as_named() {
        let (one, three) = (Dec::one(), dec("3"));
        assert_eq!(one.quo(three).unwrap(), dec("0.333333333333333333"));
        assert_eq!(dec("2").quo(three).unwrap(), dec("0.666666666666666667"));
        assert_eq!(dec("2").quo_truncate(three).unwrap(), dec("0.666666666666666666"));
        assert_eq!(one.quo_round_up(three).unwrap(), dec("0.333333333333333334"));
        assert!(one.quo(Dec::ZERO).unwrap_err().is_panic());
    }

    #[test]
    fn text_wire_and_value_agree() {
        assert_eq!(dec("0.13").to_wire(), "130000000000000000");
        assert_eq!(Dec::from_wire("130000000000000000").unwrap().to_string(), "0.130000000000000000");
        assert_eq!(dec("-1234.5").to_string(), "-1234.500000000000000000");
        for bad in ["", "-", ".5", "5.", "1.2.3", "1.0000000000000000001", "x"] {
            assert!(bad.parse::<Dec>().is_err(), "{bad}");
        }
    }

    #[test]
    fn powers_multiply_as_go_does() {
        assert_eq!(dec("1.1").power(3).unwrap(), dec("1.331"));
        assert_eq!(dec("7").power(0).unwrap(), Dec::one());
    }
}
