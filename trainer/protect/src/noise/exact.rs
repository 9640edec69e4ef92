//! The discrete Gaussian over the integers, without floating point: P(x) is proportional to exp(−x²/2σ²) exactly.
//!
//! The method is that of Canonne, Kamath and Steinke (2020): coins with probability exp(−γ) for rational γ, from them a discrete Laplace,
//! from it by rejection the discrete Gaussian. Numbers stay whole and in 128 bits, which the bounds on σ² and on the Laplace's size
//! allow. The time of a draw depends on the draw; what an attacker who measured it precisely would learn is some of the noise.

use rand_chacha::{ChaCha20Rng, rand_core::RngCore};

use crate::Rational;

/// Why noise cannot be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoiseError {
    #[error("the variance {0} is above 2^40 or its denominator above 2^20")]
    Variance(Rational),
    #[error("there is no client to carry the noise")]
    NoClients,
    #[error("the shares need a variance whose terms do not fit")]
    Share,
}

/// What σ² may be: then no intermediate number of a draw exceeds 128 bits.
const MOST_VARIANCE: u64 = 1 << 40;
const MOST_DENOMINATOR: u64 = 1 << 20;
/// A Laplace draw larger than this many scales has a chance below e^−1000: it is taken as far out, and rejected.
const MOST_SCALES: u64 = 1000;

/// Adds a draw of the discrete Gaussian to each value.
pub fn fill(variance: Rational, random: &mut ChaCha20Rng, values: &mut [i64]) -> Result<(), NoiseError> {
    if variance.denominator() > MOST_DENOMINATOR || variance > Rational::from_integer(MOST_VARIANCE) {
        return Err(NoiseError::Variance(variance));
    }
    if variance.is_zero() {
        return Ok(());
    }
    let draw = Draw::new(variance);
    for value in values {
        *value += draw.next(random);
    }
    Ok(())
}

struct Draw {
    numerator: u128,
    denominator: u128,
    /// ⌊σ⌋ + 1
    scale: u64,
}

impl Draw {
    fn new(variance: Rational) -> Self {
        let scale = (variance.numerator() / variance.denominator()).isqrt() + 1;
        Self {
            numerator: u128::from(variance.numerator()),
            denominator: u128::from(variance.denominator()),
            scale,
        }
    }

    fn next(&self, random: &mut ChaCha20Rng) -> i64 {
        loop {
            let (size, negative) = laplace(self.scale, random);
            if size > self.scale * MOST_SCALES {
                continue;
            }
            // accept with probability exp(−(|y| − σ²/t)² / 2σ²): over the common denominator that is (|y|·t·d − n)² / (2·n·d·t²)
            let scale = u128::from(self.scale);
            let gap = (u128::from(size) * scale * self.denominator).abs_diff(self.numerator);
            let under = 2 * self.numerator * self.denominator * scale * scale;
            if square_coin(gap, under, random) {
                return if negative { -(size as i64) } else { size as i64 };
            }
        }
    }
}

/// A coin of probability exp(−gap²/under), where gap may be as large as 2^72 and under as 2^124: whole multiples of the exponent first.
fn square_coin(gap: u128, under: u128, random: &mut ChaCha20Rng) -> bool {
    let Some(square) = gap.checked_mul(gap) else {
        // more than 2^128 over at most 2^124: that is split as gap · gap with the first factor's quotient
        return wide_coin(gap, under, random);
    };
    coin(square, under, random)
}

/// exp(−gap²/under) as the product of coins exp(−gap·part/under) over parts that sum to gap and each fit.
fn wide_coin(gap: u128, under: u128, random: &mut ChaCha20Rng) -> bool {
    let part = u128::MAX / gap;
    let mut left = gap;
    while left > 0 {
        let now = left.min(part);
        if !coin(gap * now, under, random) {
            return false;
        }
        left -= now;
    }
    true
}

/// A coin of probability exp(−over/under).
fn coin(over: u128, under: u128, random: &mut ChaCha20Rng) -> bool {
    for _ in 0..over / under {
        if !small_coin(under, under, random) {
            return false;
        }
    }
    small_coin(over % under, under, random)
}

/// A coin of probability exp(−γ) for γ = over/under of at most one: the first failure among coins γ/1, γ/2, γ/3, … falls on an odd place.
fn small_coin(over: u128, under: u128, random: &mut ChaCha20Rng) -> bool {
    let mut place = 1u64;
    while chance(over, under, random) && below(u128::from(place), random) == 0 {
        place += 1;
    }
    place % 2 == 1
}

/// A coin of probability over/under.
fn chance(over: u128, under: u128, random: &mut ChaCha20Rng) -> bool {
    below(under, random) < over
}

/// The discrete Laplace: P(x) proportional to exp(−|x|/scale). Size and sign.
fn laplace(scale: u64, random: &mut ChaCha20Rng) -> (u64, bool) {
    loop {
        let low = below(u128::from(scale), random);
        if !small_coin(low, u128::from(scale), random) {
            continue;
        }
        let mut high = 0u64;
        while high <= MOST_SCALES && small_coin(1, 1, random) {
            high += 1;
        }
        let size = low as u64 + scale * high;
        let negative = random.next_u32() & 1 == 1;
        if size > 0 || !negative {
            return (size, negative);
        }
    }
}

/// A uniform number below a bound.
fn below(bound: u128, random: &mut ChaCha20Rng) -> u128 {
    if bound <= 1 {
        return 0;
    }
    let bits = 128 - (bound - 1).leading_zeros();
    loop {
        let draw = if bits <= 64 {
            u128::from(random.next_u64() >> (64 - bits))
        } else {
            (u128::from(random.next_u64()) << 64 | u128::from(random.next_u64())) >> (128 - bits)
        };
        if draw < bound {
            return draw;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::rand_core::SeedableRng;

    /// χ² of draws against the exact probabilities, with everything beyond four standard deviations in two cells.
    fn statistic(variance: Rational, count: usize, seed: u64) -> (f64, usize) {
        let mut values = vec![0i64; count];
        fill(variance, &mut ChaCha20Rng::seed_from_u64(seed), &mut values).unwrap();
        let square = variance.to_f64();
        let weight = |point: i64| (-(point as f64).powi(2) / (2.0 * square)).exp();
        let far = (4.0 * square.sqrt()).ceil() as i64 + 1;
        let reach = far * 4 + 20;
        let norm: f64 = (-reach..=reach).map(weight).sum();
        let mut expected: Vec<f64> = (-far..=far).map(weight).collect();
        let tail: f64 = (far + 1..=reach).map(weight).sum();
        expected[0] += tail;
        *expected.last_mut().unwrap() += tail;
        let mut found = vec![0f64; expected.len()];
        for value in values {
            found[(value.clamp(-far, far) + far) as usize] += 1.0;
        }
        let total = count as f64;
        // cells that expect fewer than five are not for χ²
        let cells: Vec<(f64, f64)> = found
            .into_iter()
            .zip(expected)
            .map(|(found, expected)| (found, expected / norm * total))
            .filter(|cell| cell.1 >= 5.0)
            .collect();
        (cells.iter().map(|(found, expected)| (found - expected).powi(2) / expected).sum(), cells.len())
    }

    #[test]
    fn draws_follow_the_exact_probabilities() {
        for (index, (over, under)) in
            [(1, 4), (1, 1), (7, 3), (100, 1), (12_345, 100)].into_iter().enumerate()
        {
            let (statistic, cells) = statistic(Rational::new(over, under).unwrap(), 40_000, index as u64);
            let freedom = cells as f64 - 1.0;
            // mean and five standard deviations of χ², with room for its skew; the seeds are fixed
            assert!(
                statistic < freedom + 5.0 * (2.0 * freedom).sqrt() + 10.0,
                "{over}/{under}: {statistic} of {freedom}"
            );
        }
    }

    #[test]
    fn wide_noise_has_the_right_moments() {
        // numbers beyond 128 bits take the way around: the largest variance with the largest denominator
        let variance = Rational::new((MOST_VARIANCE - 1) * MOST_DENOMINATOR + 1, MOST_DENOMINATOR).unwrap();
        let mut values = vec![0i64; 4000];
        fill(variance, &mut ChaCha20Rng::seed_from_u64(5), &mut values).unwrap();
        let mean_square = values.iter().map(|value| (*value as f64).powi(2)).sum::<f64>() / 4000.0;
        assert!((mean_square / variance.to_f64() - 1.0).abs() < 0.12, "{mean_square:e}");
        let mean = values.iter().sum::<i64>() as f64 / 4000.0;
        assert!(mean.abs() < 5.0 * (variance.to_f64() / 4000.0).sqrt());
    }

    #[test]
    fn coins_fall_with_their_probability() {
        let random = &mut ChaCha20Rng::seed_from_u64(3);
        for (over, under) in [(0u128, 1u128), (1, 3), (1, 1), (5, 2), (u128::MAX / 3, u128::MAX / 2)] {
            let expected = (-(over as f64) / under as f64).exp();
            let found = (0..100_000).filter(|_| coin(over, under, random)).count() as f64 / 1e5;
            assert!((found - expected).abs() < 0.008, "{over}/{under}: {found} {expected}");
        }
        let found = (0..20_000).filter(|_| wide_coin(1 << 70, 1 << 124, random)).count();
        assert_eq!(found, 0, "exp(−65536) does not happen");
        let found = (0..100_000).filter(|_| wide_coin(1 << 20, 1 << 40, random)).count() as f64 / 1e5;
        assert!((found - (-1f64).exp()).abs() < 0.008);
    }

    #[test]
    fn no_variance_is_no_noise_and_too_much_is_refused() {
        let random = &mut ChaCha20Rng::seed_from_u64(3);
        let mut values = [4, -5];
        fill(Rational::ZERO, random, &mut values).unwrap();
        assert_eq!(values, [4, -5]);
        for variance in
            [Rational::from_integer(MOST_VARIANCE + 1), Rational::new(1, MOST_DENOMINATOR + 1).unwrap()]
        {
            assert_eq!(fill(variance, random, &mut values), Err(NoiseError::Variance(variance)));
        }
    }
}
