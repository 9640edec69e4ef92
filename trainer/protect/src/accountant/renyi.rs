//! Rényi accounting: the moments of the loss at integer orders, added up over steps.
//!
//! Looser than the privacy loss distribution, exact in closed form for the subsampled Gaussian (Mironov, Talwar, Zhang 2019, section
//! 3.3), and additive over whatever else has a Rényi bound.

use super::{AccountantError, Event, Mechanism};
use crate::Rational;

/// The orders that are tried; the best one counts.
pub const ORDERS: std::ops::RangeInclusive<u32> = 2..=256;

/// What rounding may have taken from a sum of logarithms, relative to it.
const ROUNDING: f64 = 1e-11;

/// An upper bound on the Rényi divergence of the events together at an integer order of two or more.
pub fn divergence(events: &[Event], order: u32) -> Result<f64, AccountantError> {
    if order < 2 {
        return Err(AccountantError::Unbounded("orders are integers from two on"));
    }
    events.iter().map(|event| Ok(event.count as f64 * of_step(&event.mechanism, order)?)).sum()
}

/// The ε for which the events together are (ε, δ)-private, by the best order.
pub fn epsilon(events: &[Event], delta: Rational) -> Result<f64, AccountantError> {
    if delta.is_zero() || delta >= Rational::ONE {
        return Err(AccountantError::Delta(delta));
    }
    let mut best = f64::INFINITY;
    for order in ORDERS {
        best = best.min(super::concentrated::from_divergence(
            divergence(events, order)?,
            f64::from(order),
            delta.to_f64(),
        ));
    }
    Ok(best)
}

fn of_step(mechanism: &Mechanism, order: u32) -> Result<f64, AccountantError> {
    mechanism.check()?;
    // the discrete Gaussian's divergence at an order is at most the continuous one's (Canonne, Kamath, Steinke 2020, theorem 4), and
    // the expansion below only uses divergences of the unsampled noise at integer orders up to the order
    let ratio = match *mechanism {
        Mechanism::Gaussian { noise_multiplier, .. } => noise_multiplier.to_f64().powi(-2),
        Mechanism::DiscreteGaussian { variance, sensitivity, .. } => {
            f64::from(sensitivity).powi(2) / variance.to_f64()
        }
    };
    let sampling = mechanism.sampling();
    let order = f64::from(order);
    if sampling.is_zero() {
        return Ok(0.0);
    }
    if sampling == Rational::ONE {
        return Ok(order * ratio / 2.0 * (1.0 + ROUNDING));
    }
    let sampling = sampling.to_f64();
    // ln Σ C(α, k) (1 − q)^(α − k) q^k exp(k (k − 1) / 2σ²)
    let (log_out, log_in) = ((-sampling).ln_1p(), sampling.ln());
    let mut choose = 0.0;
    let mut largest = f64::MIN;
    let mut terms = Vec::new();
    let mut chosen = 0.0;
    while chosen <= order {
        let term =
            choose + (order - chosen) * log_out + chosen * log_in + chosen * (chosen - 1.0) * ratio / 2.0;
        largest = largest.max(term);
        terms.push(term);
        choose += ((order - chosen) / (chosen + 1.0)).ln();
        chosen += 1.0;
    }
    // The terms of k = 0 and 1 sum to nearly one: what is above one is summed apart, or a small divergence would drown.
    let near_one = ((order - 1.0) * log_out + (sampling * (order - 1.0)).ln_1p()).exp_m1();
    let sum = if largest < 600.0 {
        (near_one + terms.iter().skip(2).map(|term| term.exp()).sum::<f64>()).ln_1p()
    } else {
        largest + terms.iter().map(|term| (term - largest).exp()).sum::<f64>().ln()
    };
    if !sum.is_finite() {
        return Err(AccountantError::Unbounded("the moment overflows"));
    }
    let slack = ROUNDING * sum.abs() + ROUNDING * sampling * sampling + 8.0 * super::UNIT;
    Ok((sum + slack).max(0.0) / (order - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gaussian(noise_multiplier: &str, sampling: &str, count: u64) -> [Event; 1] {
        let mechanism = Mechanism::Gaussian {
            noise_multiplier: noise_multiplier.parse().unwrap(),
            sampling: sampling.parse().unwrap(),
        };
        [Event { mechanism, count }]
    }

    #[test]
    fn without_sampling_the_divergence_is_a_line() {
        let found = divergence(&gaussian("2", "1", 3), 8).unwrap();
        assert!((found - 3.0).abs() < 1e-9 && found >= 3.0);
    }

    #[test]
    fn the_naive_rule_is_below_the_truth() {
        // α q² / 2σ² is what some libraries charge: at small noise it misses the bulk of the divergence
        let found = divergence(&gaussian("0.5", "0.01", 1), 16).unwrap();
        assert!(found > 100.0 * 16.0 * 0.01_f64.powi(2) / (2.0 * 0.25));
    }

    #[test]
    fn the_closed_form_is_the_integral_that_it_stands_for() {
        let (sigma, sampling) = (1.3_f64, 0.05_f64);
        for order in [2, 5, 17] {
            let (mut integral, width) = (0.0, 1e-3);
            let mut place = -20.0;
            while place < 40.0 {
                let centred =
                    (-0.5 * (place / sigma).powi(2)).exp() / (sigma * (2.0 * std::f64::consts::PI).sqrt());
                let ratio = 1.0 - sampling + sampling * ((2.0 * place - 1.0) / (2.0 * sigma * sigma)).exp();
                integral += centred * ratio.powi(order) * width;
                place += width;
            }
            let expected = integral.ln() / f64::from(order - 1);
            let found = divergence(&gaussian("1.3", "0.05", 1), order as u32).unwrap();
            assert!((found - expected).abs() < 1e-9 * expected.max(1e-3), "{order}: {found} {expected}");
        }
    }

    #[test]
    fn orders_below_two_are_refused() {
        assert!(divergence(&gaussian("1", "1", 1), 1).is_err());
    }
}
