//! Zero-concentrated accounting: one number ρ for each mechanism, added up over mechanisms.
//!
//! This is the accountant for vectors of discrete Gaussian noise, and for the sum of noise that many clients add in shares: the sum of
//! discrete Gaussians is not a discrete Gaussian, but so close to one that its distance has a bound ([`of_shares`]).

use super::AccountantError;
use crate::Rational;

/// ρ of (discrete) Gaussian noise of a variance on a vector whose Euclidean norm one record changes by `sensitivity` at most
/// (Canonne, Kamath, Steinke 2020, theorem 14).
pub fn of_gaussian(squared_sensitivity: Rational, variance: Rational) -> Result<f64, AccountantError> {
    if variance.is_zero() {
        return Err(AccountantError::NoNoise("its variance is zero"));
    }
    Ok(squared_sensitivity.to_f64() / (2.0 * variance.to_f64()) * (1.0 + 1e-12))
}

/// ρ of a sum of discrete Gaussian shares, each of `share_variance`, of which at least `shares` are in the sum.
///
/// Kairouz, Liu and Steinke (2021), theorem 1: with τ = 10 Σ exp(−2π² v k / (k + 1)) over k from 1 to shares − 1 the sum is
/// ½ε²-concentrated for ε = min(√(Δ₂² / nv + τd / 2), Δ₂ / √(nv) + τ√d).
pub fn of_shares(
    squared_sensitivity: Rational,
    share_variance: Rational,
    shares: u32,
    dimension: u64,
) -> Result<f64, AccountantError> {
    if share_variance.is_zero() || shares == 0 {
        return Err(AccountantError::NoNoise("there is no share of noise in the sum"));
    }
    let variance = share_variance.to_f64();
    if variance < 0.25 {
        return Err(AccountantError::Unbounded(
            "shares of a variance below 1/4 do not add up to a discrete Gaussian",
        ));
    }
    let distance = closeness(variance, shares);
    let ratio = squared_sensitivity.to_f64() / (f64::from(shares) * variance);
    let dimension = dimension as f64;
    let by_squares = ratio + distance * dimension / 2.0;
    let by_roots = (ratio.sqrt() + distance * dimension.sqrt()).powi(2);
    Ok(by_squares.min(by_roots) / 2.0 * (1.0 + 1e-12))
}

/// τ: how far the sum of the shares may be from one discrete Gaussian, as a bound on |ln| of the ratio of their probabilities.
fn closeness(variance: f64, shares: u32) -> f64 {
    let term = |index: u32| {
        (-2.0 * std::f64::consts::PI.powi(2) * variance * f64::from(index) / f64::from(index + 1)).exp()
    };
    // the terms fall, so the first one bounds those that are not summed one by one
    let summed = shares.min(10_000);
    let rest = f64::from(shares - summed) * term(summed);
    10.0 * ((1..summed).map(term).sum::<f64>() + rest) * (1.0 + 1e-9)
}

/// The ε for which ρ-concentrated events are (ε, δ)-private.
pub fn epsilon(rho: f64, delta: Rational) -> Result<f64, AccountantError> {
    if delta.is_zero() || delta >= Rational::ONE {
        return Err(AccountantError::Delta(delta));
    }
    if rho.is_nan() || rho < 0.0 {
        return Err(AccountantError::Epsilon);
    }
    Ok(epsilon_at(rho, delta.to_f64()))
}

/// [`epsilon`] for a δ that was computed.
pub(crate) fn epsilon_at(rho: f64, delta: f64) -> f64 {
    // any order gives a bound; the best is found by halving steps on its logarithm
    let bound = |log: f64| from_divergence((1.0 + log.exp()) * rho, 1.0 + log.exp(), delta);
    let (mut place, mut step) = (0.0_f64, 4.0_f64);
    let mut best = bound(place);
    while step > 1e-6 {
        let (left, right) = (bound(place - step), bound(place + step));
        if left < best {
            (place, best) = (place - step, left);
        } else if right < best {
            (place, best) = (place + step, right);
        } else {
            step /= 2.0;
        }
    }
    best
}

/// From a Rényi divergence at an order to ε (Canonne, Kamath, Steinke 2020, proposition 12).
pub(super) fn from_divergence(divergence: f64, order: f64, delta: f64) -> f64 {
    let epsilon = divergence + (-1.0 / order).ln_1p() - (delta.ln() + order.ln()) / (order - 1.0);
    (epsilon + 1e-12 * (1.0 + epsilon.abs() + divergence.abs())).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn concentrated_epsilon_is_between_the_gaussian_one_and_the_simple_rule() {
        let delta: Rational = "1e-6".parse().unwrap();
        // ρ = ½ is σ = 1, whose exact ε at this δ is 4.88655 (Balle and Wang 2018)
        let found = epsilon(0.5, delta).unwrap();
        let simple = 0.5 + 2.0 * (0.5 * -(1e-6_f64).ln()).sqrt();
        assert!(4.886_55 < found && found < simple, "{found} {simple}");
    }

    #[test]
    fn shares_cost_hardly_more_than_one_draw_of_the_same_variance() {
        let squared = Rational::from_integer(10_000);
        let whole = of_gaussian(squared, Rational::from_integer(4_000)).unwrap();
        let shares = of_shares(squared, Rational::from_integer(4), 1_000, 100_000).unwrap();
        assert!(shares >= whole && shares < whole * 1.01, "{whole} {shares}");
        let coarse = of_shares(squared, Rational::new(1, 2).unwrap(), 8_000, 100_000).unwrap();
        assert!(coarse > 1.5 * whole, "few bits of noise a share are seen in the price: {coarse}");
    }

    #[test]
    fn parameters_without_noise_are_refused() {
        assert!(of_gaussian(Rational::ONE, Rational::ZERO).is_err());
        assert!(of_shares(Rational::ONE, Rational::ONE, 0, 1).is_err());
        assert!(of_shares(Rational::ONE, Rational::new(1, 5).unwrap(), 9, 1).is_err());
        assert!(epsilon(f64::NAN, Rational::new(1, 10).unwrap()).is_err());
        assert!(epsilon(1.0, Rational::ZERO).is_err());
    }
}
