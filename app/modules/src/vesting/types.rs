//! How coins unlock: what is locked at a moment, and how delegations count against it.

use iz_core::{Coin, Coins, Dec, Error, Int, Result, Timestamp};

/// The part of an account that unlocks over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Vesting {
    /// What was locked in the beginning.
    pub original: Coins,
    pub delegated_free: Coins,
    pub delegated_vesting: Coins,
    /// Seconds since 1970 at which everything is free.
    pub end: i64,
    pub schedule: Schedule,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Schedule {
    /// A bare base account, which only genesis can bring: nothing in it is locked or tracked.
    None,
    /// Evenly from `start` on.
    Continuous { start: i64 },
    /// All at once at the end.
    Delayed,
    /// In steps: each so many seconds after the one before.
    Periodic { start: i64, periods: Vec<(i64, Coins)> },
    /// Never.
    Permanent,
}

impl Vesting {
    /// A schedule over `original` of which nothing is delegated.
    #[must_use]
    pub fn new(original: Coins, end: i64, schedule: Schedule) -> Self {
        Self { original, delegated_free: Coins::empty(), delegated_vesting: Coins::empty(), end, schedule }
    }

    /// What has been unlocked.
    fn vested(&self, now: Timestamp) -> Result<Coins> {
        let now = now.seconds;
        match &self.schedule {
            Schedule::None => Ok(self.original.clone()),
            Schedule::Permanent => Ok(Coins::empty()),
            Schedule::Delayed if now >= self.end => Ok(self.original.clone()),
            Schedule::Delayed => Ok(Coins::empty()),
            Schedule::Continuous { start } | Schedule::Periodic { start, .. } if now <= *start => {
                Ok(Coins::empty())
            }
            _ if now >= self.end => Ok(self.original.clone()),
            Schedule::Continuous { start } => {
                self.share(now.wrapping_sub(*start), self.end.wrapping_sub(*start))
            }
            Schedule::Periodic { start, periods } => past_periods(periods, *start, now),
        }
    }

    /// The part of the original coins that has come free after `elapsed` of `whole` seconds.
    fn share(&self, elapsed: i64, whole: i64) -> Result<Coins> {
        let share = Dec::from(elapsed).quo(Dec::from(whole))?;
        let free = self.original.iter().map(|coin| {
            let amount = Dec::from_int(coin.amount).mul(share)?.round_int()?;
            Ok(Coin { denom: coin.denom.clone(), amount })
        });
        free.collect::<Result<_>>().map(Coins::from_list)
    }

    /// What has not been unlocked.
    fn vesting(&self, now: Timestamp) -> Result<Coins> {
        self.original.sub(&self.vested(now)?)
    }

    /// What cannot be spent: coins that still vest and are not delegated.
    pub fn locked(&self, now: Timestamp) -> Result<Coins> {
        let vesting = self.vesting(now)?;
        vesting.sub(&vesting.min(&self.delegated_vesting))
    }

    /// Counts a delegation: vesting coins are delegated first.
    pub fn track_delegation(&mut self, now: Timestamp, balance: &Coins, amount: &Coins) -> Result<()> {
        let vesting = self.vesting(now)?;
        for coin in amount {
            let held = balance.amount_of(&coin.denom);
            if coin.amount.is_zero() || held < coin.amount {
                return Err(Error::panic("delegation attempt with zero coins or insufficient funds"));
            }
            let open = vesting.amount_of(&coin.denom).sub(self.delegated_vesting.amount_of(&coin.denom))?;
            let from_vesting = open.max(Int::ZERO).min(coin.amount);
            let from_free = coin.amount.sub(from_vesting)?;
            self.delegated_vesting = self.delegated_vesting.add(&part(coin, from_vesting))?;
            self.delegated_free = self.delegated_free.add(&part(coin, from_free))?;
        }
        Ok(())
    }

    /// Counts the end of a delegation: free coins come back first.
    pub fn track_undelegation(&mut self, amount: &Coins) -> Result<()> {
        for coin in amount {
            if coin.amount.is_zero() {
                return Err(Error::panic("undelegation attempt with zero coins"));
            }
            let to_free = self.delegated_free.amount_of(&coin.denom).min(coin.amount);
            let rest = coin.amount.sub(to_free)?;
            let to_vesting = self.delegated_vesting.amount_of(&coin.denom).min(rest);
            self.delegated_free = self.delegated_free.sub(&part(coin, to_free))?;
            self.delegated_vesting = self.delegated_vesting.sub(&part(coin, to_vesting))?;
        }
        Ok(())
    }

    /// `Validate` of the account's kind, but for its base.
    pub fn validate(&self) -> Result<()> {
        let starts_late = || Err(Error::plain("vesting start-time cannot be before end-time"));
        match &self.schedule {
            Schedule::Continuous { start } if *start >= self.end => return starts_late(),
            Schedule::Periodic { start, .. } if *start >= self.end => return starts_late(),
            Schedule::Periodic { start, periods } => self.validate_periods(*start, periods)?,
            Schedule::Permanent if self.end > 0 => {
                return Err(Error::plain("permanently vested accounts cannot have an end-time"));
            }
            _ => {}
        }
        self.validate_base()
    }

    /// `BaseVestingAccount.Validate`.
    pub fn validate_base(&self) -> Result<()> {
        if self.end < 0 {
            return Err(Error::plain("end time cannot be negative"));
        }
        if !self.original.is_valid() || !self.original.is_all_positive() {
            return Err(Error::plain(format!("invalid coins: {}", self.original)));
        }
        if !self.delegated_vesting.is_all_lte(&self.original) {
            return Err(Error::plain(
                "delegated vesting amount cannot be greater than original vesting amount",
            ));
        }
        Ok(())
    }

    fn validate_periods(&self, start: i64, periods: &[(i64, Coins)]) -> Result<()> {
        let (mut end, mut sum) = (start, Coins::empty());
        for (place, (length, amount)) in periods.iter().enumerate() {
            if *length < 0 {
                return Err(Error::plain(format!("period #{place} has a negative length: {length}")));
            }
            end = end.wrapping_add(*length);
            if !amount.is_valid() || !amount.is_all_positive() {
                return Err(Error::plain(format!("period #{place} has invalid coins: {amount}")));
            }
            sum = sum.add(amount)?;
        }
        if end != self.end {
            return Err(Error::plain("vesting end time does not match length of all vesting periods"));
        }
        if end < start {
            return Err(Error::plain("cumulative endTime overflowed, and/or is less than startTime"));
        }
        if sum != self.original {
            return Err(Error::plain(format!(
                "original vesting coins ({}) does not match the sum of all coins in vesting periods ({sum})",
                self.original
            )));
        }
        Ok(())
    }
}

/// So much of a coin's denomination, or nothing.
fn part(coin: &Coin, amount: Int) -> Coins {
    Coins::one(Coin { denom: coin.denom.clone(), amount })
}

fn past_periods(periods: &[(i64, Coins)], start: i64, now: i64) -> Result<Coins> {
    let (mut begin, mut sum) = (start, Coins::empty());
    for (length, amount) in periods {
        if now.wrapping_sub(begin) < *length {
            break;
        }
        sum = sum.add(amount)?;
        begin = begin.wrapping_add(*length);
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stake(amount: i64) -> Coins {
        Coins::one(Coin::new("stake", amount))
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp { seconds, nanos: 0 }
    }

    fn locked(vesting: &Vesting, seconds: i64) -> String {
        vesting.locked(at(seconds)).unwrap().to_string()
    }

    #[test]
    fn each_schedule_unlocks_in_its_way() {
        let continuous = Vesting::new(stake(100), 200, Schedule::Continuous { start: 100 });
        let delayed = Vesting::new(stake(100), 200, Schedule::Delayed);
        let permanent = Vesting::new(stake(100), 0, Schedule::Permanent);
        let periods = vec![(50, stake(30)), (50, stake(70))];
        let periodic = Vesting::new(stake(100), 200, Schedule::Periodic { start: 100, periods });
        let expected: [(i64, [&str; 4]); 5] = [
            (100, ["100stake", "100stake", "100stake", "100stake"]),
            (133, ["67stake", "100stake", "100stake", "100stake"]),
            (150, ["50stake", "100stake", "100stake", "70stake"]),
            (199, ["1stake", "100stake", "100stake", "70stake"]),
            (200, ["", "", "100stake", ""]),
        ];
        for (now, [a, b, c, d]) in expected {
            assert_eq!(locked(&continuous, now), a);
            assert_eq!(locked(&delayed, now), b);
            assert_eq!(locked(&permanent, now), c);
            assert_eq!(locked(&periodic, now), d);
            assert!([&continuous, &delayed, &permanent, &periodic].iter().all(|v| v.validate().is_ok()));
        }
    }

    #[test]
    fn delegations_take_vesting_coins_first_and_give_free_ones_back_first() {
        let mut vesting = Vesting::new(stake(100), 200, Schedule::Continuous { start: 100 });
        vesting.track_delegation(at(150), &stake(100), &stake(60)).unwrap();
        assert_eq!(
            (vesting.delegated_vesting.clone(), vesting.delegated_free.clone()),
            (stake(50), stake(10))
        );
        assert_eq!(locked(&vesting, 150), "");
        vesting.track_undelegation(&stake(30)).unwrap();
        assert_eq!(
            (vesting.delegated_vesting.clone(), vesting.delegated_free.clone()),
            (stake(30), stake(0))
        );
        assert_eq!(locked(&vesting, 150), "20stake");
        let error = vesting.track_delegation(at(150), &stake(1), &stake(2)).unwrap_err();
        assert!(error.is_panic());
    }
}
