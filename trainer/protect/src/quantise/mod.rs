//! Turns a clipped update into integers without bias, and integers into the levels that are masked.
//!
//! Each value is scaled and rounded up or down at random, up with the probability of its fraction, so that it is right on average.
//! Rounding may lengthen the vector; it is repeated until the integer vector is within a bound that is checked exactly, and that bound
//! is the sensitivity that privacy is accounted with (Kairouz, Liu, Steinke 2021, section 4).

use rand_chacha::{ChaCha20Rng, rand_core::RngCore};

use crate::Rational;

/// Attempts at rounding: with the bound of [`Grid::new`] one succeeds with probability above 0.39.
const ATTEMPTS: usize = 200;

/// Why an update has no integers.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum QuantiseError {
    #[error("the scale is zero or the limit is zero")]
    NoGrid,
    #[error("the integers of these values would not fit: scale, limit or dimension are too large")]
    TooLarge,
    #[error("value {0} is not a number, infinite or above the limit")]
    Value(usize),
    #[error("{found} values instead of {expected}")]
    Count { expected: usize, found: usize },
    #[error("{0} roundings in a row were too long: the update is longer than the limit")]
    TooLong(usize),
    #[error("value {index} of the noisy update is {value}, outside of ±{reach}")]
    OutOfReach { index: usize, value: i64, reach: u32 },
    #[error("sum {index} is not one of {clients} clients' levels")]
    Sum { index: usize, clients: usize },
}

/// How fine integers are and how long a vector of them may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    scale: Rational,
    dimension: usize,
    squared_bound: u64,
}

impl Grid {
    /// Integers per unit, the limit that updates were clipped to, and how many values there are.
    ///
    /// The bound is c² + d/4 + √(2 ln(1/β)) (c + √d/2) with c = scale · limit and β = e^(−1/2), but at most (c + √d)², which no rounding
    /// exceeds.
    pub fn new(scale: Rational, limit: Rational, dimension: usize) -> Result<Self, QuantiseError> {
        if scale.is_zero() || limit.is_zero() || dimension == 0 {
            return Err(QuantiseError::NoGrid);
        }
        let length = scale.checked_mul(limit).ok_or(QuantiseError::TooLarge)?.to_f64();
        let count = dimension as f64;
        let likely = length * length + count / 4.0 + (length + count.sqrt() / 2.0);
        let surely = (length + count.sqrt()).powi(2);
        let bound = likely.min(surely).ceil() + 1.0;
        if bound > 2f64.powi(52) {
            return Err(QuantiseError::TooLarge);
        }
        Ok(Self { scale, dimension, squared_bound: bound as u64 })
    }

    /// Δ₂²: no integer vector of this grid is longer. What the noise is measured against.
    #[must_use]
    pub const fn squared_sensitivity(&self) -> u64 {
        self.squared_bound
    }

    #[must_use]
    pub const fn scale(&self) -> Rational {
        self.scale
    }

    /// Rounds an update at random until it is within the bound.
    pub fn quantise(&self, update: &[f32], random: &mut ChaCha20Rng) -> Result<Vec<i64>, QuantiseError> {
        if update.len() != self.dimension {
            return Err(QuantiseError::Count { expected: self.dimension, found: update.len() });
        }
        let scale = self.scale.to_f64();
        // far outside of any bound, and where a double no longer holds every integer
        let most = 2f64.powi(27);
        if let Some(index) = update.iter().position(|value| {
            let scaled = f64::from(*value) * scale;
            scaled.is_nan() || scaled.abs() > most
        }) {
            return Err(QuantiseError::Value(index));
        }
        for _ in 0..ATTEMPTS {
            let rounded: Vec<i64> =
                update.iter().map(|value| round(f64::from(*value) * scale, random)).collect();
            let square: u128 = rounded.iter().map(|value| u128::from(value.unsigned_abs()).pow(2)).sum();
            if square <= u128::from(self.squared_bound) {
                return Ok(rounded);
            }
        }
        Err(QuantiseError::TooLong(ATTEMPTS))
    }

    /// The average update from the sum of the clients' integers.
    #[must_use]
    pub fn average(&self, sums: &[i64], clients: usize) -> Vec<f32> {
        let scale = self.scale.to_f64() * clients.max(1) as f64;
        sums.iter().map(|sum| (*sum as f64 / scale) as f32).collect()
    }
}

/// Up with the probability of the fraction, to 53 bits; down otherwise.
fn round(value: f64, random: &mut ChaCha20Rng) -> i64 {
    let floor = value.floor();
    let draw = (random.next_u64() >> 11) as f64 / 2f64.powi(53);
    floor as i64 + i64::from(draw < value - floor)
}

/// Integers within ±reach as levels from zero on, for masking.
pub fn to_levels(values: &[i64], reach: u32) -> Result<Vec<u32>, QuantiseError> {
    let level =
        |(index, value): (usize, &i64)| {
            let shifted = value.checked_add(i64::from(reach)).and_then(|level| u32::try_from(level).ok());
            shifted
                .filter(|level| u64::from(*level) <= 2 * u64::from(reach))
                .ok_or(QuantiseError::OutOfReach { index, value: *value, reach })
        };
    values.iter().enumerate().map(level).collect()
}

/// The levels that integers within ±reach take.
#[must_use]
pub const fn levels(reach: u32) -> u32 {
    2 * reach + 1
}

/// The sums of the integers from the sums of the levels of so many clients.
pub fn from_level_sums(sums: &[u64], clients: usize, reach: u32) -> Result<Vec<i64>, QuantiseError> {
    let shift = u64::from(reach) * clients as u64;
    let value = |(index, sum): (usize, &u64)| {
        if *sum > 2 * shift {
            return Err(QuantiseError::Sum { index, clients });
        }
        Ok(*sum as i64 - shift as i64)
    };
    sums.iter().enumerate().map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand_chacha::rand_core::SeedableRng;

    fn grid(scale: u64, limit: u64, dimension: usize) -> Grid {
        Grid::new(Rational::from_integer(scale), Rational::from_integer(limit), dimension).unwrap()
    }

    proptest! {
        #[test]
        fn integers_are_next_to_the_values_and_within_the_bound(mut update in prop::collection::vec(-1f32..1.0, 1..200), scale in 1u64..5000, seed: u64) {
            crate::clip::clip(&mut update, 1.0).unwrap();
            let grid = grid(scale, 1, update.len());
            let rounded = grid.quantise(&update, &mut ChaCha20Rng::seed_from_u64(seed)).unwrap();
            let mut square = 0;
            for (integer, value) in rounded.iter().zip(&update) {
                let exact = f64::from(*value) * scale as f64;
                prop_assert!(*integer == exact.floor() as i64 || *integer == exact.floor() as i64 + 1);
                square += integer * integer;
            }
            prop_assert!(square as u64 <= grid.squared_sensitivity());
            let most = (scale as f64 + (update.len() as f64).sqrt()).powi(2);
            prop_assert!(grid.squared_sensitivity() as f64 <= most + 2.0);
        }

        #[test]
        fn levels_of_sums_are_sums_of_levels(rows in prop::collection::vec(prop::collection::vec(-500i64..=500, 7), 1..20)) {
            let mut sums = vec![0u64; 7];
            for row in &rows {
                for (sum, level) in sums.iter_mut().zip(to_levels(row, 500).unwrap()) {
                    prop_assert!(level < levels(500));
                    *sum += u64::from(level);
                }
            }
            let expected: Vec<i64> = (0..7).map(|place| rows.iter().map(|row| row[place]).sum()).collect();
            prop_assert_eq!(from_level_sums(&sums, rows.len(), 500).unwrap(), expected);
        }
    }

    #[test]
    fn rounding_is_right_on_average() {
        let random = &mut ChaCha20Rng::seed_from_u64(1);
        for value in [0.25, -0.25, 3.9, -7.01, 5.0] {
            let mean = (0..100_000).map(|_| round(value, random) as f64).sum::<f64>() / 1e5;
            // five standard deviations of the mean
            assert!((mean - value).abs() < 0.008, "{value} {mean}");
        }
        assert!((0..1000).all(|_| round(5.0, random) == 5));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let one = Rational::ONE;
        assert_eq!(Grid::new(Rational::ZERO, one, 3), Err(QuantiseError::NoGrid));
        assert_eq!(Grid::new(one, one, 0), Err(QuantiseError::NoGrid));
        assert_eq!(Grid::new(Rational::from_integer(1 << 30), one, 3), Err(QuantiseError::TooLarge));
        let random = &mut ChaCha20Rng::seed_from_u64(1);
        assert_eq!(
            grid(10, 1, 2).quantise(&[0.0], random),
            Err(QuantiseError::Count { expected: 2, found: 1 })
        );
        assert_eq!(grid(10, 1, 2).quantise(&[0.0, f32::NAN], random), Err(QuantiseError::Value(1)));
        assert_eq!(grid(10, 1, 2).quantise(&[f32::INFINITY, 0.0], random), Err(QuantiseError::Value(0)));
        assert_eq!(grid(10, 1, 2).quantise(&[9.0, 0.0], random), Err(QuantiseError::TooLong(ATTEMPTS)));
        assert_eq!(to_levels(&[0, 6], 5), Err(QuantiseError::OutOfReach { index: 1, value: 6, reach: 5 }));
        assert_eq!(
            to_levels(&[i64::MAX], 5),
            Err(QuantiseError::OutOfReach { index: 0, value: i64::MAX, reach: 5 })
        );
        assert_eq!(to_levels(&[-6], 5), Err(QuantiseError::OutOfReach { index: 0, value: -6, reach: 5 }));
        assert_eq!(from_level_sums(&[21], 2, 5), Err(QuantiseError::Sum { index: 0, clients: 2 }));
    }
}
