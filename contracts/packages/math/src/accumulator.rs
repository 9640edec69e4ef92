//! A pool shared by weight in constant time, whatever the number of members (the "F1" scheme): a deposit raises one number, and
//! a member looks at how far it rose since the member last looked. Nothing is lost: what does not divide is carried to the
//! next deposit, and fractions of a unit stay owed.
//!
//! In units of `PRECISION`, at every moment: all that was deposited = all that was taken + all that is owed + carry.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Uint128, Uint256};

use crate::error::MathError;

/// Parts of one unit that are counted.
pub const PRECISION: u64 = 1_000_000_000_000;

/// What a pool keeps of one asset.
#[cw_serde]
#[derive(Eq, Default)]
pub struct Accumulator {
    /// What one unit of weight was given since the beginning.
    pub per_weight: Uint256,
    /// What is not given yet: less than the total weight, or everything while nobody has weight.
    pub carry: Uint256,
}

/// What a pool keeps of one asset for one member.
#[cw_serde]
#[derive(Eq, Default)]
pub struct Share {
    /// `per_weight` when the member was last settled.
    pub seen: Uint256,
    pub owed: Uint256,
}

impl Accumulator {
    /// Shares `amount` among those who have weight now. While nobody has, it waits for the first deposit after somebody does.
    pub fn deposit(&mut self, amount: Uint128, total_weight: Uint128) -> Result<(), MathError> {
        let parts = amount.full_mul(PRECISION).checked_add(self.carry)?;
        if total_weight.is_zero() {
            self.carry = parts;
            return Ok(());
        }
        let weight = Uint256::from(total_weight);
        self.per_weight = self.per_weight.checked_add(parts.checked_div(weight)?)?;
        self.carry = parts.checked_rem(weight)?;
        Ok(())
    }
}

impl Share {
    /// Brings a member up to date; has to precede every change of its weight.
    pub fn settle(&mut self, pool: &Accumulator, weight: Uint128) -> Result<(), MathError> {
        let risen = pool.per_weight.checked_sub(self.seen)?;
        self.owed = self.owed.checked_add(risen.checked_mul(Uint256::from(weight))?)?;
        self.seen = pool.per_weight;
        Ok(())
    }

    /// Whole units that are owed.
    pub fn whole(&self) -> Result<Uint128, MathError> {
        Ok(Uint128::try_from(self.owed.checked_div(Uint256::from(PRECISION))?)?)
    }

    /// Takes all whole units, and leaves the fraction.
    pub fn take(&mut self) -> Result<Uint128, MathError> {
        let whole = self.whole()?;
        self.owed = self.owed.checked_rem(Uint256::from(PRECISION))?;
        Ok(whole)
    }

    /// Puts units back that were taken and did not arrive.
    pub fn give_back(&mut self, amount: Uint128) -> Result<(), MathError> {
        self.owed = self.owed.checked_add(amount.full_mul(PRECISION))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn three_members_share_ten_units_and_no_part_is_lost() {
        let mut pool = Accumulator::default();
        let mut shares = [Share::default(), Share::default(), Share::default()];
        pool.deposit(Uint128::new(10), Uint128::new(3)).unwrap();
        for share in &mut shares {
            share.settle(&pool, Uint128::one()).unwrap();
            assert_eq!(share.take().unwrap(), Uint128::new(3));
        }
        // 2 thirds of a unit more, and the parts that did not divide
        pool.deposit(Uint128::new(2), Uint128::new(3)).unwrap();
        let mut taken = Uint128::zero();
        for share in &mut shares {
            share.settle(&pool, Uint128::one()).unwrap();
            taken += share.take().unwrap();
        }
        assert_eq!(taken, Uint128::new(3));
        assert_eq!(pool.carry, Uint256::zero());
    }

    #[test]
    fn what_comes_while_nobody_has_weight_waits() {
        let mut pool = Accumulator::default();
        pool.deposit(Uint128::new(5), Uint128::zero()).unwrap();
        let mut share = Share::default();
        share.settle(&pool, Uint128::zero()).unwrap();
        pool.deposit(Uint128::new(1), Uint128::new(4)).unwrap();
        share.settle(&pool, Uint128::new(4)).unwrap();
        assert_eq!(share.take().unwrap(), Uint128::new(6));
    }

    #[test]
    fn edges_of_the_numbers_are_errors_or_exact() {
        let mut pool = Accumulator::default();
        pool.deposit(Uint128::MAX, Uint128::MAX).unwrap();
        let mut share = Share::default();
        share.settle(&pool, Uint128::MAX).unwrap();
        assert_eq!(share.take().unwrap(), Uint128::MAX);
        share.give_back(Uint128::MAX).unwrap();
        share.give_back(Uint128::MAX).unwrap();
        assert!(share.take().is_err(), "two times the largest amount do not fit");
        let ahead = Share { seen: Uint256::MAX, owed: Uint256::zero() };
        assert!(ahead.clone().settle(&pool, Uint128::one()).is_err());
    }

    /// Fractions by hand: every deposit is handed out at once, member by member.
    #[derive(Default)]
    struct Naive {
        weights: Vec<u128>,
        parts: Vec<u128>,
        carry: u128,
    }

    proptest! {
        #[test]
        fn agrees_with_handing_out_by_hand(steps in prop::collection::vec((0usize..5, 0u128..1_000_000, 0u8..3), 1..200)) {
            let mut pool = Accumulator::default();
            let mut shares = vec![Share::default(); 5];
            let mut naive = Naive { weights: vec![0; 5], parts: vec![0; 5], carry: 0 };
            let (mut deposited, mut taken) = (0u128, 0u128);
            for (member, number, kind) in steps {
                let total: u128 = naive.weights.iter().sum();
                match kind {
                    0 => {
                        pool.deposit(Uint128::new(number), Uint128::new(total)).unwrap();
                        deposited += number;
                        let parts = number * u128::from(PRECISION) + naive.carry;
                        if total == 0 {
                            naive.carry = parts;
                        } else {
                            naive.carry = parts % total;
                            for index in 0..5 {
                                naive.parts[index] += parts / total * naive.weights[index];
                            }
                        }
                    }
                    1 => {
                        shares[member].settle(&pool, Uint128::new(naive.weights[member])).unwrap();
                        naive.weights[member] += number;
                    }
                    _ => {
                        shares[member].settle(&pool, Uint128::new(naive.weights[member])).unwrap();
                        let got = shares[member].take().unwrap().u128();
                        prop_assert_eq!(got, naive.parts[member] / u128::from(PRECISION));
                        naive.parts[member] %= u128::from(PRECISION);
                        taken += got;
                    }
                }
                let owed: u128 = naive.parts.iter().sum();
                prop_assert_eq!(Uint256::from(naive.carry), pool.carry);
                prop_assert_eq!(deposited * u128::from(PRECISION), taken * u128::from(PRECISION) + owed + naive.carry);
            }
        }
    }
}
