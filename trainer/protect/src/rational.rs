//! Exact rationals: how privacy parameters are stated, stored and compared.
//!
//! "0.004" read as a binary fraction is not 0.004, and two programs that differ in the last bit of a privacy parameter differ in what
//! they promise. Parameters are therefore quotients of two integers in lowest terms, and become floating point only inside a
//! computation that bounds its own errors.

use std::{cmp::Ordering, fmt, str::FromStr};

/// A non-negative quotient of two 64-bit integers in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rational {
    numerator: u64,
    denominator: u64,
}

/// Why a text or a pair of integers is no rational.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RationalError {
    #[error("the denominator is zero")]
    ZeroDenominator,
    #[error("{0:?} is not a number such as 13/10, 1.3 or 1e-5")]
    Malformed(String),
    #[error("{0:?} needs more than 64 bits")]
    TooLarge(String),
}

impl Rational {
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    pub fn new(numerator: u64, denominator: u64) -> Result<Self, RationalError> {
        if denominator == 0 {
            return Err(RationalError::ZeroDenominator);
        }
        let divisor = greatest_common_divisor(numerator, denominator);
        Ok(Self { numerator: numerator / divisor, denominator: denominator / divisor })
    }

    #[must_use]
    pub const fn from_integer(value: u64) -> Self {
        Self { numerator: value, denominator: 1 }
    }

    /// Exactly the value of a float; none for one that is negative, no number, or needs more than 64 bits.
    #[must_use]
    pub fn of_float(value: f32) -> Option<Self> {
        if !value.is_finite() || value.is_sign_negative() {
            return None;
        }
        if value == 0.0 {
            return Some(Self::ZERO);
        }
        let (bits, fraction) = (value.to_bits(), u64::from(value.to_bits() & 0x7f_ffff));
        let (exponent, mantissa) = match bits >> 23 {
            0 => (-149, fraction),
            field => (field as i32 - 150, fraction | 0x80_0000),
        };
        let power = 1u64.checked_shl(exponent.unsigned_abs())?;
        if exponent < 0 {
            Self::new(mantissa, power).ok()
        } else {
            Some(Self::from_integer(mantissa.checked_mul(power)?))
        }
    }

    #[must_use]
    pub const fn numerator(self) -> u64 {
        self.numerator
    }

    #[must_use]
    pub const fn denominator(self) -> u64 {
        self.denominator
    }

    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.numerator == 0
    }

    /// The nearest double, or one beside it: its relative error is at most 3 · 2⁻⁵³.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// The product, if its terms fit 64 bits.
    #[must_use]
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        let (left, right) = (
            greatest_common_divisor(self.numerator, other.denominator),
            greatest_common_divisor(other.numerator, self.denominator),
        );
        Some(Self {
            numerator: (self.numerator / left).checked_mul(other.numerator / right)?,
            denominator: (self.denominator / right).checked_mul(other.denominator / left)?,
        })
    }

    /// The quotient, if the divisor is not zero and the terms fit 64 bits.
    #[must_use]
    pub fn checked_div(self, other: Self) -> Option<Self> {
        if other.is_zero() {
            return None;
        }
        self.checked_mul(Self { numerator: other.denominator, denominator: other.numerator })
    }
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rational {
    fn cmp(&self, other: &Self) -> Ordering {
        let left = u128::from(self.numerator) * u128::from(other.denominator);
        let right = u128::from(other.numerator) * u128::from(self.denominator);
        left.cmp(&right)
    }
}

impl fmt::Display for Rational {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.denominator == 1 {
            write!(formatter, "{}", self.numerator)
        } else {
            write!(formatter, "{}/{}", self.numerator, self.denominator)
        }
    }
}

impl FromStr for Rational {
    type Err = RationalError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some((numerator, denominator)) = text.split_once('/') {
            return Self::new(digits(numerator, text)?, digits(denominator, text)?);
        }
        decimal(text)
    }
}

/// Reads 12, 1.25 or 1e-5.
fn decimal(text: &str) -> Result<Rational, RationalError> {
    let malformed = || RationalError::Malformed(text.to_owned());
    let too_large = || RationalError::TooLarge(text.to_owned());
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().map_err(|_| malformed())?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() || (fraction.is_empty() && mantissa.contains('.')) {
        return Err(malformed());
    }
    let fraction = fraction.trim_end_matches('0');
    let value = digits(&format!("{whole}{fraction}"), text)?;
    let places = i32::try_from(fraction.len()).map_err(|_| too_large())?;
    let scale = exponent.checked_sub(places).ok_or_else(too_large)?;
    let power = 10u64.checked_pow(scale.unsigned_abs());
    match (power, scale >= 0) {
        _ if value == 0 => Ok(Rational::ZERO),
        (Some(power), true) => Ok(Rational::from_integer(value.checked_mul(power).ok_or_else(too_large)?)),
        (Some(power), false) => Rational::new(value, power),
        (None, _) => Err(too_large()),
    }
}

fn digits(text: &str, whole: &str) -> Result<u64, RationalError> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(RationalError::Malformed(whole.to_owned()));
    }
    text.parse().map_err(|_| RationalError::TooLarge(whole.to_owned()))
}

fn greatest_common_divisor(mut left: u64, mut right: u64) -> u64 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_lowest_terms() {
        for (text, numerator, denominator) in [
            ("0.004", 1, 250),
            ("1.30", 13, 10),
            ("1e-5", 1, 100_000),
            ("12", 12, 1),
            ("2.5e3", 2500, 1),
            ("6/4", 3, 2),
            ("0", 0, 1),
            ("0e-90", 0, 1),
        ] {
            let value: Rational = text.parse().unwrap();
            assert_eq!((value.numerator(), value.denominator()), (numerator, denominator), "{text}");
        }
    }

    #[test]
    fn a_float_is_what_it_is_exactly() {
        for value in [0.0, 1.0, 0.5, 1.1, 0.004, 3e18, 16_777_217.0, 1.0 / 3.0] {
            let exact = Rational::of_float(value).unwrap();
            assert_eq!(exact.numerator() as f64 / exact.denominator() as f64, f64::from(value));
        }
        assert_eq!(Rational::of_float(1.5), Rational::new(3, 2).ok());
        for value in [-1.0, -0.0, f32::NAN, f32::INFINITY, f32::MAX, f32::MIN_POSITIVE] {
            assert_eq!(Rational::of_float(value), None, "{value}");
        }
    }

    #[test]
    fn malformed_texts_are_refused() {
        for text in ["", "-1", "1.", ".5", "1/", "1/-2", "1e", "one", "1 ", "+1", "1.5/2", "1e1.5"] {
            assert_eq!(text.parse::<Rational>(), Err(RationalError::Malformed(text.to_owned())), "{text:?}");
        }
        for text in [
            "18446744073709551616",
            "1e20",
            "1e-30",
            "1e2147483647",
            "1e-2147483648",
            "18446744073709551616/2",
        ] {
            assert_eq!(text.parse::<Rational>(), Err(RationalError::TooLarge(text.to_owned())), "{text:?}");
        }
        assert_eq!("1/0".parse::<Rational>(), Err(RationalError::ZeroDenominator));
    }

    #[test]
    fn products_and_order_are_exact() {
        let third = Rational::new(1, 3).unwrap();
        let half = Rational::new(1, 2).unwrap();
        assert_eq!(third.checked_mul(half), Rational::new(1, 6).ok());
        assert_eq!(third.checked_div(half), Rational::new(2, 3).ok());
        assert_eq!(third.checked_div(Rational::ZERO), None);
        assert_eq!(Rational::from_integer(u64::MAX).checked_mul(Rational::from_integer(2)), None);
        assert!(third < half && Rational::new(u64::MAX, u64::MAX - 1).unwrap() > Rational::ONE);
    }
}
