//! Noise in shares: each client adds a part, so that the sum carries enough even when the stated number of clients drops out.

use rand_chacha::ChaCha20Rng;

use super::exact::{NoiseError, fill};
use crate::{Rational, accountant::AccountantError, accountant::concentrated};

/// What the sum of a round's noise has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoisePlan {
    /// σ² of the noise in the sum, at least.
    pub variance: Rational,
    /// So many clients are in the sum at least: enrolled ones less those that may drop out and those that may not add their share.
    pub clients: u32,
}

/// What each client does for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoiseShares {
    share: Rational,
    clients: u32,
}

impl NoisePlan {
    /// Each client's variance is the target over the number of clients that are sure to be in the sum.
    pub fn shares(self) -> Result<NoiseShares, NoiseError> {
        if self.clients == 0 {
            return Err(NoiseError::NoClients);
        }
        let share = self
            .variance
            .checked_div(Rational::from_integer(u64::from(self.clients)))
            .ok_or(NoiseError::Share)?;
        Ok(NoiseShares { share, clients: self.clients })
    }
}

impl NoiseShares {
    /// σ² of one client's noise.
    #[must_use]
    pub const fn variance(self) -> Rational {
        self.share
    }

    /// Adds one client's share to its integers.
    pub fn add(self, random: &mut ChaCha20Rng, values: &mut [i64]) -> Result<(), NoiseError> {
        fill(self.share, random, values)
    }

    /// ρ of a round whose sum has the least number of shares, for vectors whose squared length one client changes by at most this.
    pub fn concentrated(self, squared_sensitivity: u64, dimension: u64) -> Result<f64, AccountantError> {
        concentrated::of_shares(
            Rational::from_integer(squared_sensitivity),
            self.share,
            self.clients,
            dimension,
        )
    }

    /// How far integers of at most `largest` can get with this noise, but for a chance of `chance` that any of `dimension` values gets
    /// further: P(|noise| ≥ m) ≤ 2 exp(−m²/2σ²). That chance belongs to δ.
    #[must_use]
    pub fn reach(self, largest: u64, dimension: u64, chance: Rational) -> Option<u32> {
        if chance.is_zero() {
            return None;
        }
        let tail = (2.0 * dimension as f64 / chance.to_f64()).ln().max(0.0);
        let noise = (2.0 * self.share.to_f64() * tail).sqrt() * (1.0 + 1e-9);
        let reach = largest as f64 + noise.ceil() + 1.0;
        (reach < f64::from(u32::MAX / 4)).then_some(reach as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn the_sum_of_those_who_stay_carries_the_target() {
        // 100 enrol, 30 may drop out
        let plan = NoisePlan { variance: Rational::from_integer(900), clients: 70 };
        let shares = plan.shares().unwrap();
        assert_eq!(shares.variance(), Rational::new(90, 7).unwrap());
        let random = &mut ChaCha20Rng::seed_from_u64(8);
        let mut sums = vec![0i64; 5000];
        for _ in 0..70 {
            shares.add(random, &mut sums).unwrap();
        }
        let found = sums.iter().map(|value| (*value as f64).powi(2)).sum::<f64>() / 5000.0;
        // five standard deviations of a variance from 5,000 draws
        assert!((found / 900.0 - 1.0).abs() < 0.1, "{found}");
    }

    #[test]
    fn the_price_is_that_of_the_least_sum() {
        let shares = NoisePlan { variance: Rational::from_integer(10_000), clients: 700 }.shares().unwrap();
        let found = shares.concentrated(10_000, 100_000).unwrap();
        assert!((0.5..0.5005).contains(&found), "{found}");
    }

    #[test]
    fn hardly_any_noise_gets_further_than_its_reach() {
        let shares = NoisePlan { variance: Rational::from_integer(400), clients: 4 }.shares().unwrap();
        let reach = shares.reach(50, 10_000, "1e-9".parse().unwrap()).unwrap();
        // σ is 10, and e^(−m²/200) = 5·10⁻¹⁴ at m = 78.2
        assert_eq!(reach, 130);
        let mut values = vec![50i64; 10_000];
        shares.add(&mut ChaCha20Rng::seed_from_u64(2), &mut values).unwrap();
        assert!(values.iter().all(|value| value.unsigned_abs() <= u64::from(reach)));
        assert_eq!(shares.reach(50, 10_000, Rational::ZERO), None);
        assert_eq!(shares.reach(u64::MAX, 1, Rational::ONE), None);
    }

    #[test]
    fn without_clients_there_are_no_shares() {
        assert_eq!(NoisePlan { variance: Rational::ONE, clients: 0 }.shares(), Err(NoiseError::NoClients));
        let huge = NoisePlan { variance: Rational::new(u64::MAX, u64::MAX - 1).unwrap(), clients: 7 };
        assert_eq!(huge.shares(), Err(NoiseError::Share));
    }
}
