//! Young units. A unit is ripe four days after it was issued; until then redeeming it costs a fee that falls day by day. The age stays
//! with the unit when it is sent on, oldest units first, so that other addresses or smaller parts change nothing.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{OverflowError, Uint128};

const DAY: u64 = 86_400;
/// Days until a unit is ripe.
pub const DAYS: usize = 4;

/// Amounts by age in days.
pub type ByAge = [Uint128; DAYS];

pub fn day_of(seconds: u64) -> u64 {
    seconds / DAY
}

#[cw_serde]
#[derive(Copy, Default)]
pub struct Unripe {
    /// The day for which the ages hold.
    day: u64,
    by_age: ByAge,
}

impl Unripe {
    /// The same units on a later day.
    pub fn on(self, day: u64) -> Unripe {
        let older = usize::try_from(day.saturating_sub(self.day)).unwrap_or(DAYS).min(DAYS);
        let mut by_age = ByAge::default();
        for (age, amount) in self.by_age.iter().enumerate() {
            if let Some(place) = by_age.get_mut(age + older) {
                *place = *amount;
            }
        }
        Unripe { day: day.max(self.day), by_age }
    }

    pub fn by_age(&self) -> ByAge {
        self.by_age
    }

    pub fn total(&self) -> Uint128 {
        self.by_age.iter().sum()
    }

    pub fn add(&mut self, amounts: &ByAge) -> Result<(), OverflowError> {
        for (place, amount) in self.by_age.iter_mut().zip(amounts) {
            *place = place.checked_add(*amount)?;
        }
        Ok(())
    }

    /// Takes an amount out of a balance of which these are the young units: ripe units first, then the oldest. Says which young ones.
    pub fn take(&mut self, balance: Uint128, amount: Uint128) -> ByAge {
        let ripe = balance.saturating_sub(self.total());
        let mut rest = amount.saturating_sub(ripe);
        let mut taken = ByAge::default();
        for (place, out) in self.by_age.iter_mut().zip(&mut taken).rev() {
            *out = rest.min(*place);
            *place -= *out;
            rest -= *out;
        }
        taken
    }
}

/// What redeeming young units costs, in units: linear in the days that they lack, rounded up for each age.
pub fn early_exit_fee(young: &ByAge, fee_bps: u16) -> Uint128 {
    let mut fee = Uint128::zero();
    for (age, amount) in young.iter().enumerate() {
        let lacking = (DAYS - age) as u16;
        fee += quarters_up(*amount, fee_bps * lacking);
    }
    fee
}

/// `⌈amount · quarters / 40000⌉`.
fn quarters_up(amount: Uint128, quarters: u16) -> Uint128 {
    let whole = Uint128::new(40_000);
    amount - amount.multiply_ratio(whole - Uint128::from(quarters), whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ages(amounts: [u128; 4]) -> ByAge {
        amounts.map(Uint128::new)
    }

    fn at(day: u64, amounts: [u128; 4]) -> Unripe {
        Unripe { day, by_age: ages(amounts) }
    }

    #[test]
    fn units_grow_older_by_the_day_and_are_ripe_after_four() {
        assert_eq!(at(10, [1, 2, 3, 4]).on(10).by_age(), ages([1, 2, 3, 4]));
        assert_eq!(at(10, [1, 2, 3, 4]).on(11).by_age(), ages([0, 1, 2, 3]));
        assert_eq!(at(10, [1, 2, 3, 4]).on(13).by_age(), ages([0, 0, 0, 1]));
        assert_eq!(at(10, [1, 2, 3, 4]).on(14).total(), Uint128::zero());
        assert_eq!(at(10, [1, 2, 3, 4]).on(u64::MAX).total(), Uint128::zero());
        assert_eq!(at(10, [1, 2, 3, 4]).on(9).by_age(), ages([1, 2, 3, 4]), "a clock does not go back");
    }

    #[test]
    fn ripe_units_leave_first_then_the_oldest() {
        let mut unripe = at(10, [1, 2, 3, 4]);
        assert_eq!(unripe.take(Uint128::new(15), Uint128::new(5)), ages([0, 0, 0, 0]));
        assert_eq!(unripe.take(Uint128::new(10), Uint128::new(6)), ages([0, 0, 2, 4]));
        assert_eq!(unripe.by_age(), ages([1, 2, 1, 0]));
        assert_eq!(unripe.take(Uint128::new(4), Uint128::new(4)), ages([1, 2, 1, 0]));
        assert_eq!(unripe.total(), Uint128::zero());
    }

    #[test]
    fn the_fee_falls_by_a_quarter_a_day() {
        let fee = |amounts| early_exit_fee(&ages(amounts), 100).u128();
        assert_eq!(fee([40_000, 0, 0, 0]), 400);
        assert_eq!(fee([0, 40_000, 0, 0]), 300);
        assert_eq!(fee([0, 0, 40_000, 0]), 200);
        assert_eq!(fee([0, 0, 0, 40_000]), 100);
        assert_eq!(fee([1, 1, 1, 1]), 4, "rounded up");
        assert_eq!(early_exit_fee(&ages([u128::MAX, 0, 0, 0]), 200).u128(), u128::MAX / 50 + 1);
    }

    proptest! {
        #[test]
        fn parts_pay_no_less_than_the_whole(amounts in any::<[u64; 4]>(), part in 0u64.., ripe in any::<u64>(), fee_bps in 0u16..=200) {
            let whole = amounts.map(u128::from);
            let balance = Uint128::new(whole.iter().sum::<u128>() + u128::from(ripe));
            let part = Uint128::from(part).min(balance);
            let mut unripe = at(1, whole);
            let first = unripe.take(balance, part);
            let second = unripe.take(balance - part, balance - part);
            let split = early_exit_fee(&first, fee_bps) + early_exit_fee(&second, fee_bps);
            prop_assert!(split >= early_exit_fee(&ages(whole), fee_bps));
            for age in 0..4 {
                prop_assert_eq!(first[age] + second[age], Uint128::new(whole[age]));
            }
        }
    }
}
