//! Splits a stream of amounts by ten-thousandths so that the order and the size of the amounts do not matter: after every
//! amount each destination has had exactly the floor of its part of the whole stream. For that only the stream's total
//! modulo 10,000 has to be remembered.

use cosmwasm_std::{Uint128, Uint256};

use crate::error::MathError;

/// The whole, in ten-thousandths.
pub const WHOLE: u16 = 10_000;

/// What a destination with `part` ten-thousandths gets of `amount`, after a stream whose total was `before` modulo 10,000.
pub fn part_of(before: u16, amount: Uint128, part: u16) -> Result<Uint128, MathError> {
    let earlier = Uint256::from(before);
    let later = earlier.checked_add(Uint256::from(amount))?;
    let part = Uint256::from(part);
    let whole = Uint256::from(WHOLE);
    let upto = later.checked_mul(part)?.checked_div(whole)?;
    let had = earlier.checked_mul(part)?.checked_div(whole)?;
    Ok(Uint128::try_from(upto.checked_sub(had)?)?)
}

/// The total modulo 10,000 after `amount`.
pub fn advance(before: u16, amount: Uint128) -> u16 {
    let rest = (amount.u128() % u128::from(WHOLE)) as u16;
    (before % WHOLE + rest) % WHOLE
}

/// How many units of a stream are not handed out yet: the total modulo 10,000, less what the parts had of it.
pub fn undivided(before: u16, parts: &[u16]) -> u16 {
    let had = parts.iter().map(|part| (u32::from(before) * u32::from(*part) / u32::from(WHOLE)) as u16);
    had.fold(before, u16::saturating_sub)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dust_adds_up() {
        // one unit a time: a third of ten thousand is still its third in the end
        let (mut before, mut got) = (0, 0);
        for _ in 0..10_000 {
            got += part_of(before, Uint128::one(), 3_333).unwrap().u128();
            before = advance(before, Uint128::one());
        }
        assert_eq!((got, before), (3_333, 0));
    }

    #[test]
    fn the_largest_amount_fits() {
        let all = part_of(WHOLE - 1, Uint128::MAX, WHOLE).unwrap();
        assert_eq!(all, Uint128::MAX);
    }

    proptest! {
        #[test]
        fn any_way_to_cut_a_stream_gives_the_same(
            amounts in prop::collection::vec(0u128..1_000_000_000_000, 1..60),
            cut in 0u16..=10_000,
        ) {
            let parts = [cut / 2, cut - cut / 2, WHOLE - cut];
            let mut before = 0;
            let mut got = [0u128; 3];
            for amount in &amounts {
                for (sum, part) in got.iter_mut().zip(parts) {
                    *sum += part_of(before, Uint128::new(*amount), part).unwrap().u128();
                }
                before = advance(before, Uint128::new(*amount));
            }
            let total: u128 = amounts.iter().sum();
            for (sum, part) in got.iter().zip(parts) {
                prop_assert_eq!(*sum, total * u128::from(part) / 10_000);
            }
            prop_assert_eq!(total - got.iter().sum::<u128>(), u128::from(undivided(before, &parts)));
        }
    }
}
