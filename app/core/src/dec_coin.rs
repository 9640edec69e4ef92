//! Coins with decimal amounts: rewards before they are paid, and gas prices.

#![allow(
    clippy::should_implement_trait,
    reason = "sums of coins can fail, so they return a result and cannot be operators"
)]

use std::{cmp::Ordering, fmt};

use crate::{
    Coin, Coins, Dec, Error, Result,
    coin::{self, validate_denom},
};

#[derive(Clone, PartialEq, Eq)]
pub struct DecCoin {
    pub denom: String,
    pub amount: Dec,
}

impl DecCoin {
    pub fn new(denom: impl Into<String>, amount: Dec) -> Self {
        Self { denom: denom.into(), amount }
    }
}

impl fmt::Display for DecCoin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.amount, self.denom)
    }
}

impl fmt::Debug for DecCoin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A set of decimal coins, sorted by denomination.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct DecCoins(Vec<DecCoin>);

impl DecCoins {
    #[must_use]
    pub const fn empty() -> Self {
        Self(Vec::new())
    }

    #[must_use]
    pub const fn from_list(coins: Vec<DecCoin>) -> Self {
        Self(coins)
    }

    /// `NewDecCoinsFromCoins`.
    pub fn from_coins(coins: &Coins) -> Result<Self> {
        let coins = Coins::sanitized(coins.as_slice().to_vec())?;
        Ok(Self(
            coins.iter().map(|coin| DecCoin::new(coin.denom.clone(), Dec::from_int(coin.amount))).collect(),
        ))
    }

    pub fn add(&self, other: &Self) -> Result<Self> {
        self.merge(other, |amount| amount)
    }

    /// `SafeSub`: the difference, and whether any part of it is negative.
    pub fn safe_sub(&self, other: &Self) -> Result<(Self, bool)> {
        let difference = self.merge(other, std::ops::Neg::neg)?;
        let negative = difference.0.iter().any(|coin| coin.amount.is_negative());
        Ok((difference, negative))
    }

    pub fn sub(&self, other: &Self) -> Result<Self> {
        let (difference, negative) = self.safe_sub(other)?;
        if negative { Err(Error::panic("negative coin amount")) } else { Ok(difference) }
    }

    fn merge(&self, other: &Self, sign: impl Fn(Dec) -> Dec) -> Result<Self> {
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut sum = Vec::with_capacity(self.0.len() + other.0.len());
        loop {
            let order = match (left.peek(), right.peek()) {
                (None, None) => break,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(a), Some(b)) => a.denom.cmp(&b.denom),
            };
            let mine = if order.is_le() { left.next() } else { None };
            let theirs = if order.is_ge() { right.next() } else { None };
            let Some(denom) = mine.or(theirs).map(|coin| coin.denom.clone()) else { break };
            let zero = Dec::ZERO;
            let (a, b) =
                (mine.map_or(zero, |coin| coin.amount), theirs.map_or(zero, |coin| sign(coin.amount)));
            let amount = a.add(b)?;
            if !amount.is_zero() {
                sum.push(DecCoin { denom, amount });
            }
        }
        Ok(Self(sum))
    }

    /// Amounts capped by those of `other`.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        let capped = self
            .0
            .iter()
            .map(|coin| DecCoin::new(&*coin.denom, coin.amount.min(other.amount_of(&coin.denom))));
        Self(capped.filter(|coin| !coin.amount.is_zero()).collect())
    }

    /// Whole coins, and what is left behind the point.
    pub fn truncate(&self) -> Result<(Coins, Self)> {
        let (mut whole, mut rest) = (Vec::new(), Vec::new());
        for coin in &self.0 {
            let truncated = coin.amount.truncate_int()?;
            let change = coin.amount.sub(Dec::from_int(truncated))?;
            if truncated.is_negative() {
                return Err(Error::panic(format!("negative coin amount: {truncated}")));
            }
            if !truncated.is_zero() {
                whole.push(Coin::new(&*coin.denom, truncated));
            }
            if !change.is_zero() {
                rest.push(DecCoin::new(&*coin.denom, change));
            }
        }
        Ok((Coins::from_list(whole), Self(rest)))
    }

    pub fn mul_dec(&self, factor: Dec) -> Result<Self> {
        self.map(|amount| amount.mul(factor))
    }

    pub fn mul_dec_truncate(&self, factor: Dec) -> Result<Self> {
        self.map(|amount| amount.mul_truncate(factor))
    }

    pub fn quo_dec(&self, divisor: Dec) -> Result<Self> {
        Self::divisor(divisor)?;
        self.map(|amount| amount.quo(divisor))
    }

    pub fn quo_dec_truncate(&self, divisor: Dec) -> Result<Self> {
        Self::divisor(divisor)?;
        self.map(|amount| amount.quo_truncate(divisor))
    }

    fn divisor(divisor: Dec) -> Result<()> {
        if divisor.is_zero() { Err(Error::panic("invalid zero decimal")) } else { Ok(()) }
    }

    fn map(&self, f: impl Fn(Dec) -> Result<Dec>) -> Result<Self> {
        let mut out = Vec::with_capacity(self.0.len());
        for coin in &self.0 {
            let amount = f(coin.amount)?;
            if !amount.is_zero() {
                out.push(DecCoin::new(&*coin.denom, amount));
            }
        }
        Ok(Self(out))
    }

    #[must_use]
    pub fn amount_of(&self, denom: &str) -> Dec {
        self.0.iter().find(|coin| coin.denom == denom).map_or(Dec::ZERO, |coin| coin.amount)
    }

    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0.iter().all(|coin| coin.amount.is_zero())
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `DecCoins.Validate`.
    pub fn validate(&self) -> Result<()> {
        let mut seen: Vec<&str> = Vec::new();
        for coin in &self.0 {
            if seen.contains(&&*coin.denom) {
                return Err(Error::plain(format!("duplicate denomination {}", coin.denom)));
            }
            validate_denom(&coin.denom)?;
            if seen.last().is_some_and(|last| *coin.denom < **last) {
                return Err(Error::plain(format!("denomination {} is not sorted", coin.denom)));
            }
            if !coin.amount.is_positive() {
                let name = if seen.is_empty() { coin.to_string() } else { coin.denom.clone() };
                return Err(Error::plain(format!("coin {name} amount is not positive")));
            }
            seen.push(&coin.denom);
        }
        Ok(())
    }

    pub fn iter(&self) -> std::slice::Iter<'_, DecCoin> {
        self.0.iter()
    }

    #[must_use]
    pub fn as_slice(&self) -> &[DecCoin] {
        &self.0
    }
}

impl<'c> IntoIterator for &'c DecCoins {
    type Item = &'c DecCoin;
    type IntoIter = std::slice::Iter<'c, DecCoin>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl fmt::Display for DecCoins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        coin::separate_by_commas(f, &self.0)
    }
}

impl fmt::Debug for DecCoins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec_coins(list: &[(&str, &str)]) -> DecCoins {
        DecCoins::from_list(
            list.iter().map(|(denom, amount)| DecCoin::new(*denom, amount.parse().unwrap())).collect(),
        )
    }

    #[test]
    fn whole_coins_and_change_add_up() {
        let coins = dec_coins(&[("aaa", "1.5"), ("bbb", "0.25"), ("ccc", "2")]);
        let (whole, change) = coins.truncate().unwrap();
        assert_eq!(whole.to_string(), "1aaa,2ccc");
        assert_eq!(change.to_string(), "0.500000000000000000aaa,0.250000000000000000bbb");
        assert_eq!(DecCoins::from_coins(&whole).unwrap().add(&change).unwrap(), coins);
    }

    #[test]
    fn subtraction_below_zero_is_seen() {
        let (_, negative) = dec_coins(&[("aaa", "1")]).safe_sub(&dec_coins(&[("aaa", "1.1")])).unwrap();
        assert!(negative);
        assert!(dec_coins(&[]).sub(&dec_coins(&[("aaa", "1")])).unwrap_err().is_panic());
    }
}
