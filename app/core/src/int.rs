//! Whole numbers of up to 256 bits and a sign, as `cosmossdk.io/math.Int`: overflow ends the transaction.

#![allow(
    clippy::should_implement_trait,
    reason = "arithmetic here can fail, so it returns a result and cannot be an operator"
)]

use std::{fmt, ops::Neg, str::FromStr};

use crate::{
    Error, Result,
    wide::{Wide, Wider, narrow, widen},
};

/// Bits of the largest magnitude.
const MAX_BITS: u32 = 256;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Int(pub(crate) Wide);

impl Int {
    pub const ZERO: Self = Self(Wide::ZERO);
    pub const ONE: Self = Self(Wide::ONE);

    pub(crate) fn checked(value: Wide) -> Result<Self> {
        if value.unsigned_abs().bits() > MAX_BITS {
            Err(Error::panic("Int overflow"))
        } else {
            Ok(Self(value))
        }
    }

    pub fn add(self, other: Self) -> Result<Self> {
        Self::checked(self.0 + other.0)
    }

    pub fn sub(self, other: Self) -> Result<Self> {
        Self::checked(self.0 - other.0)
    }

    pub fn mul(self, other: Self) -> Result<Self> {
        let product: Wider = widen(self.0) * widen(other.0);
        narrow(product).ok_or_else(|| Error::panic("Int overflow")).and_then(Self::checked)
    }

    /// Division towards zero.
    pub fn quo(self, other: Self) -> Result<Self> {
        if other.is_zero() {
            return Err(Error::panic("division by zero"));
        }
        Ok(Self(self.0 / other.0))
    }

    /// Remainder with the sign of `self`.
    pub fn rem(self, other: Self) -> Result<Self> {
        if other.is_zero() {
            return Err(Error::panic("division by zero"));
        }
        Ok(Self(self.0 % other.0))
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

    /// The value as i64, or Go's panic.
    pub fn to_i64(self) -> Result<i64> {
        i64::try_from(self.0).map_err(|_| Error::panic("Int64() out of bound"))
    }

    pub fn to_u64(self) -> Result<u64> {
        u64::try_from(self.0).map_err(|_| Error::panic("Uint64() out of bounds"))
    }

    #[must_use]
    pub fn fits_i64(self) -> bool {
        i64::try_from(self.0).is_ok()
    }

    /// The text of a stored or transmitted integer; an empty one counts as zero, as Go's `Int.Unmarshal` has it. Go also reads numbers
    /// with the prefix `0x`, `0b`, `0o` or `0`, and underscores between digits.
    pub fn from_wire(text: &str) -> Result<Self> {
        if let Some(small) = small_number(text.as_bytes()) {
            return Ok(small.into());
        }
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text).as_bytes();
        match digits {
            [] if text.is_empty() => Ok(Self::ZERO),
            [b'0', _, ..] => parse_literal(text),
            _ if digits.contains(&b'_') => parse_literal(text),
            _ => text.parse(),
        }
    }
}

/// `math.Int.BigInt().SetString(text, 10)`: an optional sign and digits.
impl FromStr for Int {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let failed = || Error::plain(format!("math/big: cannot unmarshal \"{text}\" into a *big.Int"));
        let (negative, digits) = match text.as_bytes() {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            all => (false, all),
        };
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return Err(failed());
        }
        let value = parse_digits(digits)
            .ok_or_else(|| Error::plain("integer out of range; max: 256, got: more".to_owned()))?;
        let value = if negative { value.neg() } else { value };
        Self::checked(value).map_err(|_| {
            Error::plain(format!(
                "integer out of range; max: {MAX_BITS}, got: {}",
                value.unsigned_abs().bits()
            ))
        })
    }
}

/// Plain digits that fit 64 bits, which is what nearly every amount is.
fn small_number(digits: &[u8]) -> Option<u64> {
    if !(1..=18).contains(&digits.len()) || (digits[0] == b'0' && digits.len() > 1) {
        return None;
    }
    digits.iter().try_fold(0, |value, digit| {
        let digit = digit.wrapping_sub(b'0');
        (digit < 10).then(|| value * 10 + u64::from(digit))
    })
}

/// A number as Go writes them in programs: with the prefix of another base, or with underscores between digits.
fn parse_literal(text: &str) -> Result<Int> {
    let failed = || Error::plain(format!("math/big: cannot unmarshal \"{text}\" into a *big.Int"));
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (base, digits, prefixed) = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &unsigned[2..], true),
        [b'0', b'b' | b'B', ..] => (2, &unsigned[2..], true),
        [b'0', b'o' | b'O', ..] => (8, &unsigned[2..], true),
        [b'0', _, ..] => (8, &unsigned[1..], true),
        _ => (10, unsigned, false),
    };
    // an underscore stands between digits, and a prefix counts as one
    let (mut value, mut after_digit) = (Int::ZERO, prefixed);
    for symbol in digits.chars() {
        if symbol == '_' && after_digit {
            after_digit = false;
            continue;
        }
        let digit = symbol.to_digit(base).ok_or_else(failed)?;
        let next = value.mul(base.into()).and_then(|value| value.add(digit.into()));
        value = next.map_err(|_| Error::plain("integer out of range; max: 256, got: more"))?;
        after_digit = true;
    }
    if !after_digit || digits.is_empty() {
        return Err(failed());
    }
    Ok(if negative { -value } else { value })
}

/// Digits in groups that fit a u64: most amounts take one or two steps.
pub(crate) fn parse_digits(digits: &[u8]) -> Option<Wide> {
    const GROUP: usize = 18;
    let significant = digits.iter().position(|digit| *digit != b'0').unwrap_or(digits.len());
    let digits = &digits[significant..];
    if digits.len() > 95 {
        return None;
    }
    if digits.len() <= GROUP {
        return Some(Wide::from(small(digits)));
    }
    let mut value = Wide::ZERO;
    for group in digits.chunks(GROUP) {
        let scale = 10_u64.pow(u32::try_from(group.len()).unwrap_or(0));
        value = value * Wide::from(scale) + Wide::from(small(group));
    }
    Some(value)
}

fn small(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |value, digit| value * 10 + u64::from(digit - b'0'))
}

impl fmt::Display for Int {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match i128::try_from(self.0) {
            Ok(small) => write!(f, "{small}"),
            Err(_) => write!(f, "{}", self.0),
        }
    }
}

impl fmt::Debug for Int {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Neg for Int {
    type Output = Self;

    fn neg(self) -> Self {
        Self(self.0.neg())
    }
}

macro_rules! from_primitive {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Int {
            fn from(value: $kind) -> Self {
                Self(Wide::from(value))
            }
        }
    )*};
}

from_primitive!(i32, i64, u32, u64, u128);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_value_fits_and_the_next_one_does_not() {
        let max: Int =
            "115792089237316195423570985008687907853269984665640564039457584007913129639935".parse().unwrap();
        assert!(max.add(Int::ONE).unwrap_err().is_panic());
        assert_eq!(max.to_string().len(), 78);
        assert_eq!((-max).sub(Int::ZERO).unwrap(), -max);
        assert!(
            "115792089237316195423570985008687907853269984665640564039457584007913129639936"
                .parse::<Int>()
                .is_err()
        );
    }

    #[test]
    fn numbers_on_the_wire_may_have_another_base() {
        let read = |text: &str| Int::from_wire(text).map(|value| value.to_string());
        for (text, value) in [
            ("", "0"),
            ("0", "0"),
            ("010", "8"),
            ("0x1F", "31"),
            ("-0b11", "-3"),
            ("1_000", "1000"),
            ("0_7", "7"),
        ] {
            assert_eq!(read(text).unwrap(), value, "{text}");
        }
        for bad in
            ["-", "0x", "08", "1__0", "0_", "_1", "1_", "0x_", "abc", &format!("0x1{}", "0".repeat(64))]
        {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn text_and_value_agree() {
        for text in ["0", "-1", "17", "1000000000000000000", "-340282366920938463463374607431768211456"] {
            assert_eq!(text.parse::<Int>().unwrap().to_string(), text);
        }
        for bad in ["", "-", "1.5", "abc", "0x10"] {
            assert!(bad.parse::<Int>().is_err(), "{bad}");
        }
    }
}
