//! Gaussian noise from a cryptographic source.
//!
//! Accounted as if it were exact. Floating point makes the last bits of a value depend on its size (Mironov 2012); what is published from
//! here is a sum over many steps, rounded to single precision, and where an exact guarantee is wanted the round adds the exact
//! discrete noise of `iz-protect` on top.

use rand_chacha::{ChaCha20Rng, rand_core::RngCore};
use tch::Tensor;

use crate::Error;

/// A uniform number above zero and at most one.
fn uniform(random: &mut ChaCha20Rng) -> f64 {
    ((random.next_u64() >> 11) + 1) as f64 / 2f64.powi(53)
}

/// Two independent draws of standard deviation one (Box and Muller).
pub(crate) fn pair(random: &mut ChaCha20Rng) -> [f64; 2] {
    let radius = (-2.0 * uniform(random).ln()).sqrt();
    let (sine, cosine) = (std::f64::consts::TAU * uniform(random)).sin_cos();
    [radius * sine, radius * cosine]
}

/// A tensor like another, filled with noise.
pub fn like(tensor: &Tensor, deviation: f64, random: &mut ChaCha20Rng) -> Result<Tensor, Error> {
    let count = tensor.numel();
    let mut values = Vec::with_capacity(count + 1);
    while values.len() < count {
        values.extend(pair(random).map(|draw| (draw * deviation) as f32));
    }
    values.truncate(count);
    Ok(Tensor::f_from_slice(&values)?.f_reshape(tensor.size())?.f_to_device(tensor.device())?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn draws_have_the_moments_and_the_tail_of_a_gaussian() {
        let random = &mut ChaCha20Rng::seed_from_u64(1);
        let draws: Vec<f64> = (0..100_000).flat_map(|_| pair(random)).collect();
        let moment = |power: i32| draws.iter().map(|draw| draw.powi(power)).sum::<f64>() / draws.len() as f64;
        // five standard deviations of each estimate
        assert!(moment(1).abs() < 0.012);
        assert!((moment(2) - 1.0).abs() < 0.016);
        assert!((moment(4) - 3.0).abs() < 0.11);
        let beyond = draws.iter().filter(|draw| draw.abs() > 2.0).count() as f64 / draws.len() as f64;
        assert!((beyond - 0.0455).abs() < 0.0024, "{beyond}");
    }
}
