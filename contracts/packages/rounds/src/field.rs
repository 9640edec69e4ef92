//! Just enough of the field of 2²⁵⁵ − 19 to check that an Ed25519 point and an X25519 key are of one secret: addition, subtraction
//! and multiplication of public values.

/// Little-endian words, below 2²⁵⁶; equal numbers can have two forms until `reduce`.
pub(crate) type Element = [u64; 4];

const PRIME: Element = [0xffff_ffff_ffff_ffed, u64::MAX, u64::MAX, 0x7fff_ffff_ffff_ffff];

/// The number of 32 little-endian bytes, if it is below the prime.
pub(crate) fn canonical(bytes: &[u8; 32]) -> Option<Element> {
    let mut element = [0; 4];
    for (word, chunk) in element.iter_mut().zip(bytes.chunks_exact(8)) {
        for (position, byte) in chunk.iter().enumerate() {
            *word |= u64::from(*byte) << (8 * position);
        }
    }
    (!at_least_prime(&element)).then_some(element)
}

fn at_least_prime(element: &Element) -> bool {
    for (word, prime) in element.iter().zip(&PRIME).rev() {
        if word != prime {
            return word > prime;
        }
    }
    true
}

/// The number below the prime.
fn reduce(mut element: Element) -> Element {
    while at_least_prime(&element) {
        let mut borrow = 0_i128;
        for (word, prime) in element.iter_mut().zip(&PRIME) {
            let difference = i128::from(*word) - i128::from(*prime) + borrow;
            *word = difference as u64;
            borrow = difference >> 64;
        }
    }
    element
}

/// Both below the prime.
pub(crate) fn add(left: &Element, right: &Element) -> Element {
    let mut sum = [0; 4];
    let mut carry = 0_u128;
    for (word, (left, right)) in sum.iter_mut().zip(left.iter().zip(right)) {
        let total = u128::from(*left) + u128::from(*right) + carry;
        *word = total as u64;
        carry = total >> 64;
    }
    reduce(sum)
}

/// Both below the prime.
pub(crate) fn subtract(left: &Element, right: &Element) -> Element {
    let mut negative = [0; 4];
    let mut borrow = 0_i128;
    for (word, (prime, right)) in negative.iter_mut().zip(PRIME.iter().zip(right)) {
        let difference = i128::from(*prime) - i128::from(*right) + borrow;
        *word = difference as u64;
        borrow = difference >> 64;
    }
    add(left, &reduce(negative))
}

/// Both below the prime.
pub(crate) fn multiply(left: &Element, right: &Element) -> Element {
    let mut product = [0_u64; 8];
    for (offset, left) in left.iter().enumerate() {
        let mut carry = 0_u128;
        for (position, right) in right.iter().enumerate() {
            let total =
                u128::from(*left) * u128::from(*right) + u128::from(product[offset + position]) + carry;
            product[offset + position] = total as u64;
            carry = total >> 64;
        }
        product[offset + 4] = carry as u64;
    }
    // 2²⁵⁶ is 38 here: the upper half, 38 times, on the lower, twice because that overflows once more
    let mut folded = [0; 4];
    let mut carry = 0_u128;
    for (position, word) in folded.iter_mut().enumerate() {
        let total = u128::from(product[position]) + 38 * u128::from(product[position + 4]) + carry;
        *word = total as u64;
        carry = total >> 64;
    }
    while carry > 0 {
        let mut rest = carry * 38;
        for word in &mut folded {
            let total = u128::from(*word) + rest;
            *word = total as u64;
            rest = total >> 64;
        }
        carry = rest;
    }
    reduce(folded)
}

pub(crate) const ONE: Element = [1, 0, 0, 0];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Multiplication by doubling and adding, one bit at a time.
    fn slow(left: &Element, right: &Element) -> Element {
        let mut product = [0; 4];
        for bit in (0..256).rev() {
            product = add(&product, &product);
            if right[bit / 64] >> (bit % 64) & 1 == 1 {
                product = add(&product, left);
            }
        }
        product
    }

    proptest! {
        #[test]
        fn multiplication_is_repeated_addition(left in any::<[u64; 4]>(), right in any::<[u64; 4]>()) {
            let (left, right) = (reduce(left), reduce(right));
            prop_assert_eq!(multiply(&left, &right), slow(&left, &right));
            prop_assert_eq!(add(&subtract(&left, &right), &right), left);
        }
    }

    #[test]
    fn the_edges_of_the_field_are_where_they_should_be() {
        let less = subtract(&[0; 4], &ONE);
        assert_eq!(less, [PRIME[0] - 1, PRIME[1], PRIME[2], PRIME[3]]);
        assert_eq!(multiply(&less, &less), ONE);
        assert_eq!(subtract(&less, &less), [0; 4]);
        let mut bytes = [0xff; 32];
        bytes[31] = 0x7f;
        bytes[0] = 0xed;
        assert_eq!(canonical(&bytes), None);
        bytes[0] = 0xec;
        assert_eq!(canonical(&bytes), Some(less));
    }
}
