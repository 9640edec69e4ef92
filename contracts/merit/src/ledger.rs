//! Merit by age: what came in the present epoch, in the one before, and what is older and counts.
//!
//! Nobody moves merit from one to the next: a ledger carries its epoch and is brought up to date when it is read.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{OverflowError, Uint512};

#[cw_serde]
#[derive(Default)]
pub struct Ledger {
    pub epoch: u64,
    /// Two epochs old or more: older than one whole epoch whenever in its epoch it came.
    pub ripe: Uint512,
    pub previous: Uint512,
    pub current: Uint512,
}

impl Ledger {
    /// The ledger as it stands in `epoch`. A ledger never goes back.
    pub fn at(&self, epoch: u64) -> Result<Self, OverflowError> {
        let (ripe, previous, current) = match epoch.saturating_sub(self.epoch) {
            0 => return Ok(self.clone()),
            1 => (self.ripe.checked_add(self.previous)?, self.current, Uint512::zero()),
            _ => (self.all()?, Uint512::zero(), Uint512::zero()),
        };
        Ok(Self { epoch, ripe, previous, current })
    }

    pub fn all(&self) -> Result<Uint512, OverflowError> {
        self.ripe.checked_add(self.previous)?.checked_add(self.current)
    }

    pub fn times(&self, factor: Uint512) -> Result<Self, OverflowError> {
        Ok(Self {
            epoch: self.epoch,
            ripe: self.ripe.checked_mul(factor)?,
            previous: self.previous.checked_mul(factor)?,
            current: self.current.checked_mul(factor)?,
        })
    }

    /// The sum with one part of it replaced. All three are of the same epoch.
    pub fn replace(&self, part: &Self, by: &Self) -> Result<Self, OverflowError> {
        let exchange = |sum: Uint512, old: Uint512, new: Uint512| sum.checked_add(new)?.checked_sub(old);
        Ok(Self {
            epoch: self.epoch,
            ripe: exchange(self.ripe, part.ripe, by.ripe)?,
            previous: exchange(self.previous, part.previous, by.previous)?,
            current: exchange(self.current, part.current, by.current)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(epoch: u64, ripe: u64, previous: u64, current: u64) -> Ledger {
        Ledger { epoch, ripe: ripe.into(), previous: previous.into(), current: current.into() }
    }

    #[test]
    fn merit_ripens_after_two_turns_however_they_are_taken() {
        let fresh = ledger(4, 1, 2, 3);
        assert_eq!(fresh.at(4).unwrap(), fresh);
        assert_eq!(fresh.at(5).unwrap(), ledger(5, 3, 3, 0));
        assert_eq!(fresh.at(6).unwrap(), ledger(6, 6, 0, 0));
        assert_eq!(fresh.at(5).unwrap().at(6).unwrap(), fresh.at(6).unwrap());
        assert_eq!(fresh.at(5).unwrap().at(90).unwrap(), fresh.at(90).unwrap());
    }

    #[test]
    fn a_part_that_is_not_in_the_sum_cannot_be_taken_out() {
        let sum = ledger(1, 5, 5, 5);
        assert_eq!(sum.replace(&ledger(1, 5, 0, 0), &ledger(1, 0, 1, 0)).unwrap(), ledger(1, 0, 6, 5));
        assert!(sum.replace(&ledger(1, 6, 0, 0), &Ledger::default()).is_err());
    }
}
