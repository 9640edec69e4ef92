//! A flow limit: a bucket that fills steadily up to its capacity and is emptied by what flows. Exact: no fraction of a unit is lost
//! however often it is looked at.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Uint128, Uint256};

#[cw_serde]
#[derive(Copy, Eq)]
pub struct TokenBucket {
    /// Units let through now, times the seconds of the period.
    level: Uint256,
    /// When that was so.
    at: u64,
}

impl TokenBucket {
    /// A bucket that starts empty.
    pub fn empty(now: u64) -> TokenBucket {
        TokenBucket { level: Uint256::zero(), at: now }
    }

    /// Fills the bucket until now: `capacity` in each `period` of seconds. A capacity that shrank spills what is above it.
    pub fn fill(&mut self, capacity: Uint128, period: u64, now: u64) {
        let period = Uint256::from(period.max(1));
        let capacity = Uint256::from(capacity);
        let added = capacity * Uint256::from(now.saturating_sub(self.at));
        self.level = self.level.saturating_add(added).min(capacity * period);
        self.at = self.at.max(now);
    }

    /// Goes on with another period; what it lets through now stays.
    pub fn change_period(&mut self, old: u64, new: u64) {
        let (old, new) = (Uint256::from(old.max(1)), Uint256::from(new.max(1)));
        self.level = self.level / old * new;
    }

    /// What it lets through, once filled until now.
    pub fn available(&self, period: u64) -> Uint128 {
        Uint128::try_from(self.level / Uint256::from(period.max(1))).unwrap_or(Uint128::MAX)
    }

    /// Takes an amount out; false, and nothing changed, if there is not that much.
    #[must_use]
    pub fn take(&mut self, amount: Uint128, period: u64) -> bool {
        let amount = Uint256::from(amount) * Uint256::from(period.max(1));
        match self.level.checked_sub(amount) {
            Ok(left) => {
                self.level = left;
                true
            }
            Err(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fills_in_one_period_and_no_further() {
        let mut bucket = TokenBucket::empty(100);
        bucket.fill(Uint128::new(10), 3600, 100);
        assert_eq!(bucket.available(3600).u128(), 0);
        bucket.fill(Uint128::new(10), 3600, 100 + 359);
        assert_eq!(bucket.available(3600).u128(), 0);
        bucket.fill(Uint128::new(10), 3600, 100 + 360);
        assert_eq!(bucket.available(3600).u128(), 1);
        bucket.fill(Uint128::new(10), 3600, 1_000_000);
        assert_eq!(bucket.available(3600).u128(), 10);
        assert!(!bucket.take(Uint128::new(11), 3600));
        assert!(bucket.take(Uint128::new(10), 3600));
        assert!(!bucket.take(Uint128::new(1), 3600));
    }

    #[test]
    fn another_period_leaves_what_is_there() {
        let mut bucket = TokenBucket::empty(0);
        bucket.fill(Uint128::new(1_000), 100, 37);
        bucket.change_period(100, 7);
        assert_eq!(bucket.available(7).u128(), 370);
        bucket.fill(Uint128::new(1_000), 7, 38);
        assert_eq!(bucket.available(7).u128(), 512);
    }

    #[test]
    fn a_clock_that_stands_still_or_an_enormous_capacity_do_no_harm() {
        let mut bucket = TokenBucket::empty(0);
        bucket.fill(Uint128::MAX, u64::MAX, u64::MAX);
        assert_eq!(bucket.available(u64::MAX), Uint128::MAX);
        bucket.fill(Uint128::MAX, u64::MAX, 5);
        assert!(bucket.take(Uint128::MAX, u64::MAX));
        assert_eq!(bucket.available(u64::MAX).u128(), 0);
    }

    proptest! {
        #[test]
        fn looking_often_loses_nothing(capacity in 1u128..1_000_000, period in 1u64..100_000, steps in proptest::collection::vec(0u64..500, 1..60)) {
            let (mut often, mut once) = (TokenBucket::empty(0), TokenBucket::empty(0));
            let mut now = 0;
            for step in steps {
                now += step;
                often.fill(capacity.into(), period, now);
            }
            once.fill(capacity.into(), period, now);
            prop_assert_eq!(often.available(period), once.available(period));
            prop_assert_eq!(once.available(period).u128(), (capacity * u128::from(now) / u128::from(period)).min(capacity));
        }
    }
}
