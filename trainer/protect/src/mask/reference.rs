//! The slow and obvious arithmetic that the fast one is checked against.

/// The product of two polynomials modulo X^N + 1 and p, term by term.
pub(super) fn multiply(left: &[u64], right: &[u64], prime: u64) -> Vec<u64> {
    let degree = left.len();
    let mut product = vec![0u128; degree];
    let prime = u128::from(prime);
    for (low, one) in left.iter().enumerate() {
        for (high, other) in right.iter().enumerate() {
            let term = u128::from(*one) * u128::from(*other) % prime;
            // X^N is −1
            let (place, term) =
                if low + high < degree { (low + high, term) } else { (low + high - degree, prime - term) };
            product[place] = (product[place] + term) % prime;
        }
    }
    product.into_iter().map(|value| value as u64).collect()
}

/// a · s modulo q for a whole a modulo q and a short s, term by term.
pub(super) fn multiply_short(left: &[u128], short: &[i64], modulus: u128) -> Vec<u128> {
    let degree = left.len();
    let mut product = vec![0u128; degree];
    for (low, one) in left.iter().enumerate() {
        for (high, factor) in short.iter().enumerate() {
            let size = one * u128::from(factor.unsigned_abs()) % modulus;
            let negative = (*factor < 0) != (low + high >= degree);
            let term = if negative { (modulus - size) % modulus } else { size };
            let place = (low + high) % degree;
            product[place] = (product[place] + term) % modulus;
        }
    }
    product
}
