//! A Fourier transform of a power of two of complex numbers, plain enough that its error bound is the textbook one.

/// A complex number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Complex {
    pub real: f64,
    pub imaginary: f64,
}

/// Squares of sizes below this are taken for zero.
const VANISHING: f64 = 1e-250;

impl Complex {
    pub const ONE: Self = Self { real: 1.0, imaginary: 0.0 };

    #[inline]
    pub fn times(self, other: Self) -> Self {
        Self {
            real: self.real * other.real - self.imaginary * other.imaginary,
            imaginary: self.real * other.imaginary + self.imaginary * other.real,
        }
    }

    /// By repeated squaring: the relative error is at most 6 · exponent roundings.
    pub fn power(mut self, mut exponent: u64) -> Self {
        let mut result = Self::ONE;
        while exponent > 0 {
            if exponent & 1 == 1 {
                result = result.times(self);
            }
            self = self.times(self);
            exponent >>= 1;
            if self.squared_size() < VANISHING {
                // what is left to multiply is nothing: stop before the numbers become subnormal and slow
                return if exponent > 0 { Self::default() } else { result };
            }
        }
        result
    }

    pub fn squared_size(self) -> f64 {
        self.real * self.real + self.imaginary * self.imaginary
    }
}

/// The roots of unity for one length.
pub(super) struct Transform {
    length: usize,
    roots: Vec<Complex>,
}

/// The relative error of a transform in the Euclidean norm is at most this times log₂ of the length (Higham, Accuracy and Stability
/// of Numerical Algorithms, theorem 24.2, with roots that are off by two roundings).
pub(super) const ERROR_PER_LAYER: f64 = 10.0 * super::UNIT;

impl Transform {
    /// `length` must be a power of two.
    pub fn new(length: usize) -> Self {
        let roots = (0..length / 2)
            .map(|index| {
                let angle = -2.0 * std::f64::consts::PI * index as f64 / length as f64;
                Complex { real: angle.cos(), imaginary: angle.sin() }
            })
            .collect();
        Self { length, roots }
    }

    /// Replaces the values by their transform.
    pub fn forward(&self, values: &mut [Complex]) {
        let bits = self.length.trailing_zeros();
        if bits == 0 {
            return;
        }
        for index in 0..self.length {
            let mirrored = index.reverse_bits() >> (usize::BITS - bits);
            if index < mirrored {
                values.swap(index, mirrored);
            }
        }
        let mut half = 1;
        while half < self.length {
            let stride = self.length / (2 * half);
            for block in values.chunks_exact_mut(2 * half) {
                let (low, high) = block.split_at_mut(half);
                for ((one, other), root) in low.iter_mut().zip(high).zip(self.roots.iter().step_by(stride)) {
                    let turned = other.times(*root);
                    *other =
                        Complex { real: one.real - turned.real, imaginary: one.imaginary - turned.imaginary };
                    *one =
                        Complex { real: one.real + turned.real, imaginary: one.imaginary + turned.imaginary };
                }
            }
            half *= 2;
        }
    }

    /// Undoes [`Self::forward`].
    pub fn backward(&self, values: &mut [Complex]) {
        for value in values.iter_mut() {
            value.imaginary = -value.imaginary;
        }
        self.forward(values);
        let scale = 1.0 / self.length as f64;
        for value in values.iter_mut() {
            *value = Complex { real: value.real * scale, imaginary: -value.imaginary * scale };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transform_is_the_sum_that_defines_it() {
        let length = 32;
        let values: Vec<Complex> = (0..length)
            .map(|index| Complex { real: f64::from(index * index % 7), imaginary: f64::from(index % 3) })
            .collect();
        let mut fast = values.clone();
        let transform = Transform::new(values.len());
        transform.forward(&mut fast);
        for (frequency, found) in fast.iter().enumerate() {
            let mut expected = Complex::default();
            for (index, value) in values.iter().enumerate() {
                let angle = -2.0 * std::f64::consts::PI * (frequency * index) as f64 / f64::from(length);
                let term = value.times(Complex { real: angle.cos(), imaginary: angle.sin() });
                expected = Complex {
                    real: expected.real + term.real,
                    imaginary: expected.imaginary + term.imaginary,
                };
            }
            assert!(
                (found.real - expected.real).abs() < 1e-11
                    && (found.imaginary - expected.imaginary).abs() < 1e-11
            );
        }
        transform.backward(&mut fast);
        for (found, expected) in fast.iter().zip(&values) {
            assert!(
                (found.real - expected.real).abs() < 1e-13
                    && (found.imaginary - expected.imaginary).abs() < 1e-13
            );
        }
    }

    #[test]
    fn powers_are_repeated_products() {
        let base = Complex { real: 0.6, imaginary: -0.7 };
        let mut expected = Complex::ONE;
        for exponent in 0..40 {
            let found = base.power(exponent);
            assert!(
                (found.real - expected.real).abs() < 1e-14
                    && (found.imaginary - expected.imaginary).abs() < 1e-14
            );
            expected = expected.times(base);
        }
    }
}
