//! Equal fills of a queue in constant time, for the stable token's redemptions (and batches to come).
//!
//! Each settlement fills the same fraction of what every member of the queue still has waiting, and pays for it in some assets. Instead of
//! visiting the members, a product of the unfilled fractions is kept, and per asset a sum of (payout per unit waiting) × (product
//! before). A member who joined with `d` at product `p` has `d·P/p` waiting now, and earned `d·(S - s)/p`.
//!
//! The product shrinks with every settlement. Below [`SMALLEST`] it is multiplied by [`SCALE`], and sums begin anew: each sum belongs to
//! a generation and a scale. When a settlement fills everything the generation ends and the product is one again. All rounding is down,
//! so the members' shares never add up to more than the queue has.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{OverflowError, OverflowOperation, StdError, StdResult, Uint128, Uint256, Uint512};

/// The product of an untouched queue: 10^36.
pub const ONE: Uint256 = Uint256::from_u128(1_000_000_000_000_000_000_000_000_000_000_000_000);
/// Below this the product is scaled up: 10^27.
pub const SMALLEST: Uint256 = Uint256::from_u128(1_000_000_000_000_000_000_000_000_000);
/// By how much: 10^9.
pub const SCALE: Uint256 = Uint256::from_u128(1_000_000_000);
/// How many scales after its own can still matter to a member: after five, less than 10^-36 of an amount is left, and no amount
/// has more than 39 digits, of which no token uses the first three.
pub const SCALES: u32 = 4;

/// The fraction of an early member's amount that still waits, and in which generation and scale it is expressed.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Product {
    pub value: Uint256,
    pub scale: u32,
    pub generation: u32,
}

impl Default for Product {
    fn default() -> Self {
        Product { value: ONE, scale: 0, generation: 0 }
    }
}

impl Product {
    /// By how much the sum of an asset, in this generation and scale, grows when `payout` is paid to `waiting` units.
    pub fn increment(&self, payout: Uint128, waiting: Uint128) -> StdResult<Uint256> {
        ratio(self.value, payout.into(), waiting.into())
    }

    /// The product after `filled` of `waiting` units were filled.
    pub fn after(&self, waiting: Uint128, filled: Uint128) -> StdResult<Product> {
        let left = waiting.checked_sub(filled)?;
        if left.is_zero() {
            return Ok(Product { value: ONE, scale: 0, generation: self.generation + 1 });
        }
        let (mut scale, mut exact) = (self.scale, Uint512::from(self.value) * Uint512::from(left));
        let waiting = Uint512::from(waiting);
        // at most five rounds: 128 bits are less than 10^39
        while exact / waiting < Uint512::from(SMALLEST) {
            exact *= Uint512::from(SCALE);
            scale += 1;
        }
        Ok(Product { value: narrow(exact / waiting)?, scale, generation: self.generation })
    }

    /// What is left waiting of `amount` that joined at `joined`.
    pub fn remaining(&self, amount: Uint128, joined: &Product) -> StdResult<Uint128> {
        let scales = self.scale.saturating_sub(joined.scale);
        if self.generation != joined.generation || scales > SCALES {
            return Ok(Uint128::zero());
        }
        let left = ratio(self.value, amount.into(), joined.value)? / SCALE.pow(scales);
        Ok(Uint128::try_from(left)?)
    }
}

/// What `amount` that joined at `joined`, when the asset's sum in that scale was `sum`, has earned. `sums` are the asset's sums in
/// the scales of the member's generation, from its own on ([`SCALES`] more than its own suffice).
pub fn earned(amount: Uint128, joined: &Product, sum: Uint256, sums: &[Uint256]) -> StdResult<Uint128> {
    let mut grown = Uint512::zero();
    // from the last scale on, so that each division takes everything after it along
    for (index, total) in sums.iter().enumerate().take(1 + SCALES as usize).rev() {
        let part = if index == 0 { total.checked_sub(sum)? } else { *total };
        let exponent = SCALES - index as u32;
        grown += Uint512::from(part) * Uint512::from(SCALE.pow(exponent));
    }
    let exact =
        grown * Uint512::from(amount) / (Uint512::from(joined.value) * Uint512::from(SCALE.pow(SCALES)));
    Ok(Uint128::try_from(narrow(exact)?)?)
}

fn ratio(a: Uint256, b: Uint256, c: Uint256) -> StdResult<Uint256> {
    if c.is_zero() {
        return Err(StdError::generic_err("a queue without members cannot be filled"));
    }
    narrow(Uint512::from(a) * Uint512::from(b) / Uint512::from(c))
}

fn narrow(wide: Uint512) -> StdResult<Uint256> {
    Uint256::try_from(wide).map_err(|_| OverflowError::new(OverflowOperation::Mul).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// A member of the model: visited at every settlement, in fractions of 10^-30 of a unit.
    struct Member {
        joined: Product,
        amount: Uint128,
        sum: Uint256,
        waiting: Uint512,
        earned: Uint512,
    }

    const FINE: u128 = 1_000_000_000_000_000_000_000_000_000_000;

    fn fine(units: u128) -> Uint512 {
        Uint512::from(units) * Uint512::from(FINE)
    }

    #[derive(Clone, Debug)]
    enum Step {
        Join(u128),
        /// Parts per billion of the queue, and a payout.
        Fill(u64, u128),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            2 => (1u128..1_000_000_000_000_000).prop_map(Step::Join),
            3 => (1u64..1_000_000_000, 0u128..1_000_000_000_000_000).prop_map(|(f, p)| Step::Fill(f, p)),
            1 => (999_999_000u64..1_000_000_000, 0u128..1_000_000_000_000_000).prop_map(|(f, p)| Step::Fill(f, p)),
            1 => (0u128..1_000_000_000_000_000).prop_map(|p| Step::Fill(1_000_000_000, p)),
        ]
    }

    fn run(steps: Vec<Step>) -> Result<(), TestCaseError> {
        let (mut product, mut waiting, mut paid) = (Product::default(), Uint128::zero(), 0u128);
        let mut sums: BTreeMap<(u32, u32), Uint256> = BTreeMap::new();
        let mut members: Vec<Member> = Vec::new();
        let mut settlements = 0u128;
        for step in steps {
            match step {
                Step::Join(amount) => {
                    let sum = sums.get(&(product.generation, product.scale)).copied().unwrap_or_default();
                    waiting += Uint128::new(amount);
                    members.push(Member {
                        joined: product,
                        amount: amount.into(),
                        sum,
                        waiting: fine(amount),
                        earned: Uint512::zero(),
                    });
                }
                Step::Fill(parts, payout) => {
                    if waiting.is_zero() {
                        continue;
                    }
                    let filled = waiting.multiply_ratio(parts, 1_000_000_000u64);
                    settlements += 1;
                    // the model: one after the other, of what truly waits
                    for member in &mut members {
                        let part = member.waiting / Uint512::from(waiting);
                        member.earned += part * Uint512::from(payout);
                        member.waiting = part * Uint512::from(waiting - filled);
                    }
                    *sums.entry((product.generation, product.scale)).or_default() +=
                        product.increment(payout.into(), waiting).unwrap();
                    product = product.after(waiting, filled).unwrap();
                    waiting -= filled;
                    paid += payout;
                }
            }
            let (mut left, mut earnings) = (0u128, 0u128);
            for member in &members {
                let key = |k| (member.joined.generation, member.joined.scale + k);
                let own: Vec<Uint256> =
                    (0..=SCALES).map(|k| sums.get(&key(k)).copied().unwrap_or_default()).collect();
                let got = earned(member.amount, &member.joined, member.sum, &own).unwrap().u128();
                let remaining = product.remaining(member.amount, &member.joined).unwrap().u128();
                let close = |exact: Uint512, got: u128| {
                    let model = Uint128::try_from(Uint256::try_from(exact / Uint512::from(FINE)).unwrap());
                    model.unwrap().u128().abs_diff(got) <= 1
                };
                prop_assert!(close(member.earned, got), "earned {got}, model {}", member.earned);
                prop_assert!(close(member.waiting, remaining), "waits {remaining}, model {}", member.waiting);
                left += remaining;
                earnings += got;
            }
            // nobody can take what is not there, and next to nothing is left lying
            prop_assert!(left <= waiting.u128());
            prop_assert!(earnings <= paid);
            let dust = members.len() as u128 + settlements;
            prop_assert!(paid - earnings <= dust, "{} of dust", paid - earnings);
        }
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn agrees_with_visiting_every_member(steps in proptest::collection::vec(step(), 1..80)) {
            run(steps)?;
        }
    }

    #[test]
    fn many_deep_fills_in_a_row_change_scale_and_stay_exact() {
        let mut steps = vec![Step::Join(999_999_999_999_999)];
        for _ in 0..6 {
            steps.push(Step::Fill(999_999_000, 1_000_000_007));
            steps.push(Step::Join(1_000_000_000_001));
        }
        run(steps).unwrap();
    }

    #[test]
    fn the_largest_amounts_fit() {
        let max = Uint128::MAX;
        let start = Product::default();
        let grown = start.increment(max, max).unwrap();
        assert_eq!(grown, ONE);
        assert_eq!(earned(max, &start, Uint256::zero(), &[grown]).unwrap(), max);
        let next = start.after(max, max - Uint128::one()).unwrap();
        assert!(next.value >= SMALLEST && next.scale == SCALES);
        assert_eq!(start.increment(max, Uint128::one()).unwrap(), ONE * Uint256::from(max));
        assert_eq!(next.remaining(max, &start).unwrap(), Uint128::zero(), "the last unit is dust");
        assert!(start.after(Uint128::one(), max).is_err());
        assert!(start.increment(Uint128::one(), Uint128::zero()).is_err());
    }
}
