//! Arithmetic in Z_p[X]/(X^N + 1) for the two primes whose product is q.
//!
//! Products go through the number-theoretic transform with lazy reduction: inside the transform numbers stay below 4p and are
//! reduced once at the end. No branch and no address depends on a coefficient.

/// The degree of the ring.
pub(super) const DEGREE: usize = 4096;
/// The two primes, both 1 modulo 2 · 4096 and just below 2^45.
pub(super) const PRIMES: [u64; 2] = [0x1fff_fffc_e001, 0x1fff_fffa_2001];
/// For each prime an element of order 8192.
const ROOTS: [u64; 2] = [19_095_220_364_083, 14_064_464_829_193];
/// q, the product of the primes.
pub(super) const MODULUS: u128 = PRIMES[0] as u128 * PRIMES[1] as u128;
/// Bits of a residue on the wire.
pub(super) const WIDTH: u32 = 45;

/// A constant to multiply by, with the quotient that makes the product cheap (Shoup).
#[derive(Clone, Copy, Debug)]
pub(super) struct Factor {
    value: u64,
    quotient: u64,
}

/// The ring modulo one of the primes.
#[derive(Clone, Debug)]
pub(super) struct Lane {
    pub prime: u64,
    degree: usize,
    /// ⌊2^91 / p⌋, for products of two variables.
    barrett: u64,
    forward: Vec<Factor>,
    backward: Vec<Factor>,
    scale: Factor,
}

impl Factor {
    /// `value` must be below the prime, and public: the division takes time that depends on it.
    pub fn new(value: u64, prime: u64) -> Self {
        Self { value, quotient: ((u128::from(value) << 64) / u128::from(prime)) as u64 }
    }

    /// The product with any number, below 2p.
    #[inline]
    fn times(self, number: u64, prime: u64) -> u64 {
        let quotient = ((u128::from(number) * u128::from(self.quotient)) >> 64) as u64;
        number.wrapping_mul(self.value).wrapping_sub(quotient.wrapping_mul(prime))
    }
}

/// The number less the bound, or the number where it is below the bound. Both are below 2^63.
#[inline]
fn less(number: u64, bound: u64) -> u64 {
    number.min(number.wrapping_sub(bound))
}

impl Lane {
    /// The lane of one of the primes for a degree that is a power of two, at most 4096.
    pub fn new(index: usize, degree: usize) -> Self {
        let prime = PRIMES[index];
        let root = power(ROOTS[index], (DEGREE / degree) as u64, prime);
        let inverse = power(root, prime - 2, prime);
        let bits = degree.trailing_zeros();
        let table = |base: u64| {
            let powers: Vec<u64> =
                std::iter::successors(Some(1), |last| Some(times(*last, base, prime))).take(degree).collect();
            (0..degree)
                .map(|place| Factor::new(powers[place.reverse_bits() >> (usize::BITS - bits)], prime))
                .collect()
        };
        let scale = Factor::new(power(degree as u64, prime - 2, prime), prime);
        let barrett = ((1u128 << 91) / u128::from(prime)) as u64;
        Self { prime, degree, barrett, forward: table(root), backward: table(inverse), scale }
    }

    /// A constant of this lane.
    pub fn factor(&self, value: u128) -> Factor {
        Factor::new((value % u128::from(self.prime)) as u64, self.prime)
    }

    /// The product with a constant, reduced.
    #[inline]
    pub fn scaled(&self, number: u64, factor: Factor) -> u64 {
        less(factor.times(number, self.prime), self.prime)
    }

    /// The sum of two reduced numbers, reduced.
    #[inline]
    pub fn add(&self, left: u64, right: u64) -> u64 {
        less(left + right, self.prime)
    }

    /// The difference of two reduced numbers, reduced.
    #[inline]
    pub fn subtract(&self, left: u64, right: u64) -> u64 {
        less(left + self.prime - right, self.prime)
    }

    /// A small signed number, reduced.
    #[inline]
    pub fn signed(&self, number: i64) -> u64 {
        // the sign spread over all bits adds the prime to negative numbers only
        (number as u64).wrapping_add(self.prime & ((number >> 63) as u64))
    }

    /// The product of two reduced numbers, reduced (Barrett).
    #[inline]
    pub fn multiply(&self, left: u64, right: u64) -> u64 {
        let product = u128::from(left) * u128::from(right);
        let quotient = ((product >> 44) * u128::from(self.barrett)) >> 47;
        // the quotient is at most two too small
        let rest = (product as u64).wrapping_sub((quotient as u64).wrapping_mul(self.prime));
        less(less(rest, self.prime), self.prime)
    }

    /// Coefficients to values at the roots of X^N + 1, in bit-reversed order.
    pub fn transform(&self, row: &mut [u64]) {
        let (prime, double) = (self.prime, 2 * self.prime);
        let mut length = self.degree / 2;
        let mut blocks = 1;
        while length > 0 {
            for (block, factor) in row.chunks_exact_mut(2 * length).zip(&self.forward[blocks..]) {
                let (low, high) = block.split_at_mut(length);
                for (one, other) in low.iter_mut().zip(high) {
                    let left = less(*one, double);
                    let right = factor.times(*other, prime);
                    *one = left + right;
                    *other = left + double - right;
                }
            }
            length /= 2;
            blocks *= 2;
        }
        for value in row.iter_mut() {
            *value = less(less(*value, double), prime);
        }
    }

    /// Undoes [`Self::transform`].
    pub fn restore(&self, row: &mut [u64]) {
        let (prime, double) = (self.prime, 2 * self.prime);
        let mut length = 1;
        let mut blocks = self.degree / 2;
        while blocks > 0 {
            for (block, factor) in row.chunks_exact_mut(2 * length).zip(&self.backward[blocks..]) {
                let (low, high) = block.split_at_mut(length);
                for (one, other) in low.iter_mut().zip(high) {
                    let (left, right) = (*one, *other);
                    *one = less(left + right, double);
                    *other = factor.times(left + double - right, prime);
                }
            }
            length *= 2;
            blocks /= 2;
        }
        for value in row.iter_mut() {
            *value = self.scaled(*value, self.scale);
        }
    }
}

/// The number modulo q that has the two residues.
pub(super) fn join(first: u64, second: u64, inverse: Factor, lane: &Lane) -> u128 {
    let difference = lane.subtract(second, first % lane.prime);
    u128::from(first) + u128::from(PRIMES[0]) * u128::from(lane.scaled(difference, inverse))
}

/// The inverse of the first prime modulo the second, for [`join`].
pub(super) fn join_factor(lane: &Lane) -> Factor {
    Factor::new(power(PRIMES[0] % lane.prime, lane.prime - 2, lane.prime), lane.prime)
}

/// Public values only.
pub(super) fn power(base: u64, mut exponent: u64, prime: u64) -> u64 {
    let (mut base, mut result) = (base, 1);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = times(result, base, prime);
        }
        base = times(base, base, prime);
        exponent >>= 1;
    }
    result
}

/// Public values only.
fn times(left: u64, right: u64, prime: u64) -> u64 {
    (u128::from(left) * u128::from(right) % u128::from(prime)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::reference;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn products_are_those_of_the_schoolbook(log_degree in 1u32..=7, index in 0usize..2, seed in any::<u64>()) {
            let degree = 1usize << log_degree;
            let lane = Lane::new(index, degree);
            let mut state = seed;
            let mut row = || -> Vec<u64> {
                (0..degree)
                    .map(|_| {
                        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                        // the largest residues are where lazy reduction would overflow
                        if state >> 62 == 0 { lane.prime - 1 } else { state % lane.prime }
                    })
                    .collect()
            };
            let (left, right) = (row(), row());
            let expected = reference::multiply(&left, &right, lane.prime);
            let (mut one, mut other) = (left.clone(), right);
            lane.transform(&mut one);
            lane.transform(&mut other);
            for (value, factor) in one.iter_mut().zip(&other) {
                *value = lane.multiply(*value, *factor);
            }
            lane.restore(&mut one);
            prop_assert_eq!(one, expected);
            lane.transform(&mut other);
        }

        #[test]
        fn single_products_are_exact(left in any::<u64>(), right in any::<u64>(), index in 0usize..2) {
            let lane = Lane::new(index, 2);
            let (left, right) = (left % lane.prime, right % lane.prime);
            let expected = (u128::from(left) * u128::from(right) % u128::from(lane.prime)) as u64;
            prop_assert_eq!(lane.multiply(left, right), expected);
            prop_assert_eq!(lane.scaled(left, Factor::new(right, lane.prime)), expected);
            let most = lane.prime - 1;
            prop_assert_eq!(lane.multiply(most, most), 1);
        }

        #[test]
        fn residues_join_to_the_number(number in any::<u128>()) {
            let number = number % MODULUS;
            let lane = Lane::new(1, 2);
            let residue = |prime: u64| (number % u128::from(prime)) as u64;
            prop_assert_eq!(join(residue(PRIMES[0]), residue(PRIMES[1]), join_factor(&lane), &lane), number);
        }
    }

    #[test]
    fn the_full_degree_transforms_there_and_back() {
        for index in 0..2 {
            let lane = Lane::new(index, DEGREE);
            let row: Vec<u64> = (0..DEGREE as u64)
                .map(|place| place.wrapping_mul(0x9e37_79b9_7f4a_7c15) % lane.prime)
                .collect();
            let mut other = row.clone();
            lane.transform(&mut other);
            assert_ne!(row, other);
            lane.restore(&mut other);
            assert_eq!(row, other);
        }
    }

    #[test]
    fn primes_and_roots_are_what_they_claim() {
        for (prime, root) in PRIMES.iter().zip(ROOTS) {
            assert_eq!((prime - 1) % (2 * DEGREE as u64), 0);
            assert_eq!(power(root, DEGREE as u64, *prime), prime - 1);
            // by trial up to the square root
            assert!((2..6_000_000).all(|divisor| prime % divisor != 0));
        }
    }
}
