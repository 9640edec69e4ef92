//! A weight to the power of 0.8: why a cell earns less than twice as much with twice the weight.

use cosmwasm_std::{Uint128, Uint512};

use crate::error::ContractError;

/// Weights are below 2⁸⁸, so that their fourth power, 160 bits up, fits 512 bits.
const BITS: u32 = 88;

/// ⌊weight^0.8 · 2³²⌋, exactly: the largest r with r⁵ ≤ weight⁴ · 2¹⁶⁰. Being a floor of a rising function it never falls as the weight rises,
/// and it is less than 2⁻³² below the true power.
pub fn four_fifths(weight: Uint128) -> Result<Uint128, ContractError> {
    if weight.is_zero() {
        return Ok(Uint128::zero());
    }
    let bits = 128 - weight.u128().leading_zeros();
    if bits > BITS {
        return Err(ContractError::WeightTooLarge { weight });
    }
    let number = Uint512::from(weight).checked_pow(4)? << 160_u32;
    // Newton from above falls until it reaches the floor. The fifth root has at most a fifth of the bits, rounded up.
    let mut root = Uint512::one() << ((4 * bits + 160).div_ceil(5));
    loop {
        let next = (root
            .checked_mul(Uint512::from(4_u8))?
            .checked_add(number.checked_div(root.checked_pow(4)?)?)?)
        .checked_div(Uint512::from(5_u8))?;
        if next >= root {
            return Ok(Uint128::try_from(root)?);
        }
        root = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fifth(root: u128) -> Uint512 {
        Uint512::from(root).checked_pow(5).unwrap_or(Uint512::MAX)
    }

    proptest! {
        #[test]
        fn the_root_is_the_largest_that_fits(weight in 1..1_u128 << 88, shift in 0..88_u32) {
            let weight = (weight >> shift).max(1);
            let root = four_fifths(Uint128::new(weight)).unwrap().u128();
            let number = Uint512::from(weight).checked_pow(4).unwrap() << 160_u32;
            prop_assert!(fifth(root) <= number);
            prop_assert!(fifth(root + 1) > number);
        }

        #[test]
        fn more_weight_is_never_less_power(weight in 0..(1_u128 << 88) - 1) {
            prop_assert!(four_fifths(Uint128::new(weight)).unwrap() <= four_fifths(Uint128::new(weight + 1)).unwrap());
        }
    }

    #[test]
    fn whole_fifth_powers_are_exact_and_too_much_is_refused() {
        for base in [0_u128, 1, 2, 3, 10, 1_000] {
            let power = four_fifths(Uint128::new(base.pow(5))).unwrap();
            assert_eq!(power.u128(), base.pow(4) << 32);
        }
        assert!(four_fifths(Uint128::new((1 << 88) - 1)).is_ok());
        assert!(matches!(four_fifths(Uint128::new(1 << 88)), Err(ContractError::WeightTooLarge { .. })));
    }
}
