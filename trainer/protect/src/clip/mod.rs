//! Bounds the influence of one update: its Euclidean norm is cut to a limit before anything else happens to it.

/// Why an update cannot be clipped.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum ClipError {
    #[error("value {0} is not a number or infinite")]
    NotFinite(usize),
    #[error("the limit {0} is not a positive number")]
    Limit(f32),
}

/// What clipping found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clipped {
    /// The norm before.
    pub norm: f64,
    /// Whether it was above the limit.
    pub cut: bool,
}

/// Scales an update down so that its norm, computed exactly, is at most the limit. An update with a value that is no number is refused
/// and left as it is.
pub fn clip(update: &mut [f32], limit: f32) -> Result<Clipped, ClipError> {
    if !limit.is_finite() || limit <= 0.0 {
        return Err(ClipError::Limit(limit));
    }
    if let Some(index) = update.iter().position(|value| !value.is_finite()) {
        return Err(ClipError::NotFinite(index));
    }
    let norm = norm(update);
    let bound = f64::from(limit);
    let cut = above(norm, bound, update.len());
    if cut {
        // A hair less than the limit makes up for rounding each value to a float and for the sum of the squares.
        let scale = bound / norm * (1.0 - 2f64.powi(-22));
        for value in update.iter_mut() {
            *value = (f64::from(*value) * scale) as f32;
        }
    }
    Ok(Clipped { norm, cut })
}

/// Squares of floats are exact in doubles; their sum is off by less than the count in roundings.
fn norm(update: &[f32]) -> f64 {
    update.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt()
}

/// Whether a computed norm may be above the bound once rounding is counted against it.
fn above(norm: f64, bound: f64, count: usize) -> bool {
    norm * (1.0 + (count as f64 + 4.0) * f64::EPSILON) > bound
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Σx² in units of 2^-298, exactly: floats are whole multiples of 2^-149.
    fn exact_square(update: &[f32]) -> bnum::types::U1024 {
        let whole = |value: f32| -> bnum::types::U1024 {
            let bits = value.abs().to_bits();
            let (exponent, fraction) = (bits >> 23, bits & 0x7f_ffff);
            if exponent == 0 {
                fraction.into()
            } else {
                bnum::types::U1024::from(fraction | 0x80_0000) << (exponent - 1)
            }
        };
        update.iter().map(|value| whole(*value) * whole(*value)).fold(0u32.into(), |sum, square| sum + square)
    }

    proptest! {
        #[test]
        fn the_exact_norm_never_exceeds_the_limit(
            mut update in prop::collection::vec(prop_oneof![-1e3f32..1e3, -1e-30f32..1e-30, Just(f32::MAX), Just(0.0)], 1..60),
            limit in prop_oneof![1e-3f32..1e3, Just(1e30), Just(1e-30)],
        ) {
            let before = update.clone();
            let clipped = clip(&mut update, limit).unwrap();
            prop_assert!(exact_square(&update) <= exact_square(&[limit]));
            if !clipped.cut {
                prop_assert_eq!(&update, &before);
            }
            prop_assert_eq!(clipped.cut, exact_square(&before) > exact_square(&[limit]) || update != before);
        }

        #[test]
        fn clipping_keeps_the_direction(mut update in prop::collection::vec(-10f32..10.0, 2..40)) {
            let before = update.clone();
            let clipped = clip(&mut update, 0.5).unwrap();
            let scale = if clipped.cut { 0.5 / clipped.norm } else { 1.0 };
            for (after, before) in update.iter().zip(&before) {
                prop_assert!((f64::from(*after) - f64::from(*before) * scale).abs() <= 1e-6);
            }
        }
    }

    #[test]
    fn values_that_are_no_numbers_are_refused_and_nothing_changes() {
        for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut update = [1.0, 2.0, value, 3.0];
            assert_eq!(clip(&mut update, 1.0), Err(ClipError::NotFinite(2)));
            assert_eq!(update[..2], [1.0, 2.0]);
        }
        for limit in [0.0, -1.0, f32::INFINITY] {
            assert_eq!(clip(&mut [1.0], limit), Err(ClipError::Limit(limit)));
        }
        assert!(clip(&mut [1.0], f32::NAN).is_err());
    }
}
