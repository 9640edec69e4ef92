//! From an update to the levels that are masked, and from their sums back: clip → quantise → noise → levels.

use iz_protect::{
    Rational,
    budget::Spending,
    clip::{self, ClipError},
    noise::{NoiseError, NoisePlan, NoiseShares},
    quantise::{self, Grid, QuantiseError},
};
use rand_chacha::ChaCha20Rng;

use crate::recipe::{Noise, Protection};

/// Why an update has no levels, or sums no integers.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EncodingError {
    #[error(transparent)]
    Clip(#[from] ClipError),
    #[error(transparent)]
    Quantise(#[from] QuantiseError),
    #[error(transparent)]
    Noise(#[from] NoiseError),
    #[error("the clip, the scale and the noise need more levels than there are")]
    TooManyLevels,
}

/// The encoding that a recipe asks for.
#[derive(Clone, Debug)]
pub struct Encoding {
    clip: f32,
    /// The largest size of one value.
    largest: f32,
    dimension: usize,
    grid: Grid,
    noise: Option<(NoiseShares, Noise)>,
    reach: u32,
}

impl Encoding {
    pub fn new(protection: &Protection, dimension: usize) -> Result<Self, EncodingError> {
        let grid = Grid::new(protection.scale, protection.clip, dimension)?;
        let most = protection.largest.map_or(f64::INFINITY, Rational::to_f64).min(protection.clip.to_f64());
        let largest = (protection.scale.to_f64() * most).ceil() + 1.0;
        let (noise, reach) = match &protection.noise {
            None => {
                (None, Some(largest).filter(|largest| *largest < f64::from(u32::MAX / 4)).map(|l| l as u32))
            }
            Some(noise) => {
                let shares = NoisePlan { variance: noise.variance, clients: noise.honest }.shares()?;
                let reach = shares.reach(largest as u64, dimension as u64, noise.chance);
                (Some((shares, noise.clone())), reach)
            }
        };
        Ok(Self {
            // a hair below the exact limit, so that rounding it to a float does not go above
            clip: (protection.clip.to_f64() * (1.0 - 2f64.powi(-23))) as f32,
            largest: most as f32,
            dimension,
            grid,
            noise,
            reach: reach.ok_or(EncodingError::TooManyLevels)?,
        })
    }

    /// How many values an update has.
    #[must_use]
    pub const fn dimension(&self) -> usize {
        self.dimension
    }

    /// How many levels a value can take.
    #[must_use]
    pub const fn levels(&self) -> u32 {
        quantise::levels(self.reach)
    }

    /// Clips, cuts, rounds and adds this client's share of the noise.
    pub fn integers(
        &self,
        mut update: Vec<f32>,
        random: &mut ChaCha20Rng,
    ) -> Result<Vec<i64>, EncodingError> {
        clip::clip(&mut update, self.clip)?;
        // single values are cut last: that makes an update shorter, never longer
        update.iter_mut().for_each(|value| *value = value.clamp(-self.largest, self.largest));
        let mut integers = self.grid.quantise(&update, random)?;
        if let Some((shares, _)) = self.noise {
            shares.add(random, &mut integers)?;
        }
        Ok(integers)
    }

    /// The levels of such integers.
    pub fn encode(&self, integers: &[i64]) -> Result<Vec<u32>, EncodingError> {
        Ok(quantise::to_levels(integers, self.reach)?)
    }

    /// The sums of the integers from the sums of the levels.
    pub fn decode(&self, sums: &[u64], clients: usize) -> Result<Vec<i64>, EncodingError> {
        Ok(quantise::from_level_sums(sums, clients, self.reach)?)
    }

    /// The mean update of so many clients.
    #[must_use]
    pub fn mean(&self, sums: &[i64], clients: usize) -> Vec<f32> {
        self.grid.average(sums, clients)
    }

    /// No mean of so many honest updates is longer, but for a small chance where noise is added.
    #[must_use]
    pub fn longest_mean(&self, clients: usize) -> f64 {
        let sum = (self.grid.squared_sensitivity() as f64).sqrt() * clients as f64;
        let noise = self.noise.as_ref().map_or(0.0, |(shares, _)| {
            let length = (shares.variance().to_f64() * clients as f64 * self.dimension as f64).sqrt();
            // the length of Gaussian noise is hardly ever three standard deviations of one value longer than this
            length + 3.0 * (shares.variance().to_f64() * clients as f64).sqrt()
        });
        (sum + noise) / (self.grid.scale().to_f64() * clients.max(1) as f64)
    }

    /// What one round costs each client's privacy; none where no noise is added.
    #[must_use]
    pub fn spending(&self) -> Option<Spending> {
        self.noise.as_ref().map(|(shares, noise)| Spending::Shares {
            squared_sensitivity: self.grid.squared_sensitivity(),
            variance: shares.variance(),
            clients: noise.honest,
            dimension: self.dimension as u64,
            chance: noise.chance,
            rounds: 1,
        })
    }

    /// The honest clients that noise is counted on from.
    #[must_use]
    pub fn honest(&self) -> u32 {
        self.noise.as_ref().map_or(0, |(_, noise)| noise.honest)
    }

    /// σ² of the noise in the sum of a group, at least.
    #[must_use]
    pub fn variance(&self) -> Option<Rational> {
        self.noise.as_ref().map(|(_, noise)| noise.variance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::tests::recipe;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn the_mean_of_honest_updates_is_within_the_bound_and_near_the_truth() {
        let encoding = Encoding::new(&recipe().protection, 400).unwrap();
        let random = &mut ChaCha20Rng::seed_from_u64(3);
        let mut sums = vec![0u64; 400];
        // all the same way, so that nothing cancels
        let update: Vec<f32> = (0..400).map(|place| (place % 7) as f32).collect();
        for _ in 0..3 {
            let integers = encoding.integers(update.clone(), random).unwrap();
            for (sum, level) in sums.iter_mut().zip(encoding.encode(&integers).unwrap()) {
                assert!(level < encoding.levels());
                *sum += u64::from(level);
            }
        }
        let mean = encoding.mean(&encoding.decode(&sums, 3).unwrap(), 3);
        let norm = |values: &[f32]| values.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt();
        assert!(norm(&mean) <= encoding.longest_mean(3), "{} {}", norm(&mean), encoding.longest_mean(3));
        assert!(encoding.longest_mean(3) < 1.4);
        let length = norm(&update) as f32;
        assert!(mean.iter().zip(&update).all(|(mean, value)| (mean - value / length).abs() < 0.04));
    }

    #[test]
    fn single_values_are_cut_to_few_levels_and_their_sums_are_exact() {
        let mut protection = recipe().protection;
        protection.noise = None;
        let whole = Encoding::new(&protection, 3).unwrap();
        protection.largest = Some("1/20".parse().unwrap());
        let encoding = Encoding::new(&protection, 3).unwrap();
        assert_eq!((whole.levels(), encoding.levels()), (2003, 103));
        let random = &mut ChaCha20Rng::seed_from_u64(3);
        let integers = encoding.integers(vec![0.9, -0.3, 0.0104], random).unwrap();
        assert_eq!(integers[..2], [50, -50]);
        assert!((10..=11).contains(&integers[2]));
        let sums: Vec<u64> =
            encoding.encode(&integers).unwrap().into_iter().map(|level| 2 * u64::from(level)).collect();
        let twice: Vec<i64> = integers.iter().map(|integer| 2 * integer).collect();
        assert_eq!(encoding.decode(&sums, 2).unwrap(), twice);
        assert!(encoding.integers(vec![f32::INFINITY, 0.0, 0.0], random).is_err());
        // a limit beyond the clip changes nothing
        protection.largest = Some(Rational::from_integer(7));
        assert_eq!(Encoding::new(&protection, 3).unwrap().levels(), 2003);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let mut protection = recipe().protection;
        protection.scale = Rational::from_integer(1 << 40);
        assert!(Encoding::new(&protection, 4).is_err());
        let encoding = Encoding::new(&recipe().protection, 4).unwrap();
        let random = &mut ChaCha20Rng::seed_from_u64(3);
        assert!(encoding.integers(vec![0.0; 3], random).is_err());
        assert!(encoding.integers(vec![f32::NAN; 4], random).is_err());
        assert!(encoding.encode(&[i64::MAX, 0, 0, 0]).is_err());
        assert!(encoding.decode(&[u64::MAX], 2).is_err());
        assert!(matches!(encoding.spending(), Some(Spending::Shares { clients: 2, rounds: 1, .. })));
    }
}
