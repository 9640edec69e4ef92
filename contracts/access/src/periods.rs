//! Subscriptions by whole periods. A period is earned when it begins; what has not begun belongs to the subscriber.

use cosmwasm_std::{Addr, Empty, Storage, Uint128};

use crate::error::ContractError;
use crate::ledger;
use crate::state::{DUE, SUBSCRIPTIONS, Subscription};

impl Subscription {
    /// Whole periods that are paid and not earned.
    pub fn unearned(&self) -> u64 {
        self.paid_until.saturating_sub(self.earned_until) / self.terms.period_seconds
    }

    /// Periods that have begun by `now` and are not earned yet.
    pub fn begun(&self, now: u64) -> u64 {
        if now < self.earned_until {
            return 0;
        }
        ((now - self.earned_until) / self.terms.period_seconds).saturating_add(1).min(self.unearned())
    }

    pub fn price_of(&self, periods: u64) -> Result<Uint128, ContractError> {
        Ok(self.terms.price.checked_mul(Uint128::from(periods))?)
    }

    /// Number of the period that runs at `now`.
    pub fn period(&self, now: u64) -> u64 {
        now.saturating_sub(self.started) / self.terms.period_seconds
    }
}

/// Books what has begun as earned, stores the subscription and queues its next period.
pub fn book(
    storage: &mut dyn Storage,
    subscriber: &Addr,
    plan: &str,
    subscription: &mut Subscription,
    now: u64,
) -> Result<Uint128, ContractError> {
    let begun = subscription.begun(now);
    let amount = subscription.price_of(begun)?;
    if begun > 0 {
        DUE.remove(storage, (subscription.earned_until, subscriber, plan));
        // begun <= unearned, so this stays within paid_until
        subscription.earned_until += begun * subscription.terms.period_seconds;
        ledger::earn(storage, &subscription.terms.app, &subscription.terms.asset, amount)?;
    }
    if subscription.unearned() > 0 {
        DUE.save(storage, (subscription.earned_until, subscriber, plan), &Empty {})?;
    }
    SUBSCRIPTIONS.save(storage, (subscriber, plan), subscription)?;
    Ok(amount)
}
