//! The discrete Gaussian that secrets and errors of the masks are drawn from: σ² = 41/2.
//!
//! Each draw compares 127 random bits with every tail probability of the table, so its time does not tell its value. The table is
//! exact to 2⁻¹²⁷, and what it cuts off has less than that probability.

use rand_chacha::{ChaCha20Rng, rand_core::RngCore};

use super::gaussian_table::TAILS;

/// σ² of a draw, as a quotient.
pub(super) const VARIANCE: (u64, u64) = (41, 2);

/// Fills a row with draws.
pub(super) fn fill(random: &mut ChaCha20Rng, row: &mut [i8]) {
    let mut bytes = zeroize::Zeroizing::new([0u8; 16 * 64]);
    for part in row.chunks_mut(64) {
        let bytes = &mut bytes[..16 * part.len()];
        random.fill_bytes(bytes);
        for (value, word) in part.iter_mut().zip(bytes.chunks_exact(16)) {
            *value = draw(u128::from_le_bytes(word.try_into().unwrap_or_default()));
        }
    }
}

/// The magnitude is the number of tails that the low 127 bits fall under, the sign is the top bit.
fn draw(word: u128) -> i8 {
    let sign = (word >> 127) as i8;
    let place = word & (u128::MAX >> 1);
    let mut magnitude = 0i8;
    for tail in &TAILS {
        // the borrow of the subtraction, without a branch
        magnitude += (place.wrapping_sub(*tail) >> 127) as i8;
    }
    (magnitude ^ -sign) + sign
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn the_table_is_the_distribution() {
        let weight = |point: usize| (-((point * point) as f64) / 41.0).exp();
        let norm = weight(0) + 2.0 * (1..100).map(weight).sum::<f64>();
        for (index, tail) in TAILS.iter().enumerate() {
            let expected = 2.0 * (index + 1..100).rev().map(weight).sum::<f64>() / norm;
            let found = *tail as f64 / 2f64.powi(127);
            assert!(
                (found - expected).abs() <= 1e-13 * expected + 2f64.powi(-127),
                "{index}: {found:e} {expected:e}"
            );
        }
    }

    #[test]
    fn a_draw_is_where_its_word_falls() {
        let top = 1u128 << 127;
        assert_eq!(draw(0), TAILS.len() as i8);
        assert_eq!(draw(top), -(TAILS.len() as i8));
        assert_eq!((draw(top - 1), draw(u128::MAX)), (0, 0));
        assert_eq!((draw(TAILS[0]), draw(TAILS[0] - 1), draw(top | (TAILS[1] - 1))), (0, 1, -2));
    }

    #[test]
    fn draws_follow_the_probabilities() {
        let mut row = vec![0i8; 400_000];
        fill(&mut ChaCha20Rng::from_seed([7; 32]), &mut row);
        let mut counts = [0f64; 41];
        for value in &row {
            counts[(i32::from(*value).clamp(-20, 20) + 20) as usize] += 1.0;
        }
        let weight = |point: i32| (-f64::from(point * point) / 41.0).exp();
        let norm: f64 = (-100..=100).map(weight).sum();
        let expected = |place: i32| match place {
            -20 => (-100..=-20).map(weight).sum::<f64>(),
            20 => (20..=100).map(weight).sum::<f64>(),
            _ => weight(place),
        };
        let statistic: f64 = (-20..=20)
            .map(|place| {
                let expected = expected(place) / norm * row.len() as f64;
                (counts[(place + 20) as usize] - expected).powi(2) / expected
            })
            .sum();
        // 40 degrees of freedom: beyond 91 lies a chance of 10⁻⁵, and the seed is fixed
        assert!(statistic < 91.0, "{statistic}");
    }
}
