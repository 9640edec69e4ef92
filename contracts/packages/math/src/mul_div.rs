//! `a · b / c` with 256 bits between, and shares in hundredths of a percent.

use cosmwasm_std::{CheckedMultiplyRatioError, Uint128, Uint256};

/// Basis points of a whole.
pub const BPS: u128 = 10_000;

/// `⌊a · b / c⌋`; an error if `c` is zero or the result has more than 128 bits.
pub fn mul_div_floor(a: Uint128, b: Uint128, c: Uint128) -> Result<Uint128, CheckedMultiplyRatioError> {
    a.checked_multiply_ratio(b, c)
}

/// `⌈a · b / c⌉`; an error if `c` is zero or the result has more than 128 bits.
pub fn mul_div_ceil(a: Uint128, b: Uint128, c: Uint128) -> Result<Uint128, CheckedMultiplyRatioError> {
    if c.is_zero() {
        return Err(CheckedMultiplyRatioError::DivideByZero);
    }
    let (product, divisor) = (a.full_mul(b), Uint256::from(c));
    let whole = product / divisor;
    // a product of two 128-bit numbers divided by at least one leaves room for one more
    let up = if whole * divisor == product { whole } else { whole + Uint256::one() };
    Uint128::try_from(up).map_err(|_| CheckedMultiplyRatioError::Overflow)
}

/// A share of an amount, rounded down. `bps` may not exceed [`BPS`], so nothing overflows.
pub fn bps_floor(amount: Uint128, bps: u16) -> Uint128 {
    let bps = u128::from(bps).min(BPS);
    amount.multiply_ratio(bps, BPS)
}

/// A share of an amount, rounded up. `bps` may not exceed [`BPS`], so nothing overflows.
pub fn bps_ceil(amount: Uint128, bps: u16) -> Uint128 {
    let rest = u128::from(bps).min(BPS);
    amount - amount.multiply_ratio(BPS - rest, BPS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_edges_of_128_bits() {
        let max = Uint128::MAX;
        let one = Uint128::one();
        assert_eq!(mul_div_floor(max, max, max), Ok(max));
        assert_eq!(mul_div_ceil(max, max, max), Ok(max));
        assert_eq!(mul_div_floor(max, max, max - one), Err(CheckedMultiplyRatioError::Overflow));
        assert_eq!(mul_div_ceil(max, one, Uint128::zero()), Err(CheckedMultiplyRatioError::DivideByZero));
        assert_eq!(
            mul_div_ceil(max, Uint128::new(2), Uint128::new(3)).map(|x| x.u128()),
            Ok(u128::MAX / 3 * 2)
        );
        assert_eq!(mul_div_ceil(max - one, max, max - one), Ok(max));
        assert_eq!(bps_floor(max, 10_000), max);
        assert_eq!(bps_ceil(max, 1), Uint128::new(u128::MAX / 10_000 + 1));
        assert_eq!(bps_floor(Uint128::new(9_999), 1), Uint128::zero());
        assert_eq!(bps_ceil(Uint128::new(9_999), 1), one);
        assert_eq!(bps_ceil(max, 0), Uint128::zero());
    }

    proptest! {
        #[test]
        fn quotients_are_those_of_schoolbook_division(a in any::<u64>(), b in any::<u64>(), c in 1u64..) {
            let product = u128::from(a) * u128::from(b);
            let c = u128::from(c);
            let floor = mul_div_floor(a.into(), b.into(), c.into()).unwrap().u128();
            let ceil = mul_div_ceil(a.into(), b.into(), c.into()).unwrap().u128();
            prop_assert!(floor * c <= product && product - floor * c < c);
            prop_assert_eq!(ceil, if floor * c == product { floor } else { floor + 1 });
        }

        #[test]
        fn shares_up_and_down_make_the_whole(amount in any::<u128>(), bps in 0u16..=10_000) {
            let amount = Uint128::new(amount);
            prop_assert_eq!(bps_floor(amount, bps) + bps_ceil(amount, 10_000 - bps), amount);
        }
    }
}
