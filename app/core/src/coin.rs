//! Coins: an amount of a denomination, and sorted sets of them, with the SDK's rules for what is valid.

#![allow(
    clippy::should_implement_trait,
    reason = "sums of coins can fail, so they return a result and cannot be operators"
)]

use std::{collections::BTreeMap, fmt};

use crate::{Error, Int, Result};

/// The denomination that the SDK's defaults name (`sdk.DefaultBondDenom`).
pub const DEFAULT_BOND_DENOM: &str = "stake";

#[derive(Clone, PartialEq, Eq)]
pub struct Coin {
    pub denom: String,
    pub amount: Int,
}

impl Coin {
    pub fn new(denom: impl Into<String>, amount: impl Into<Int>) -> Self {
        Self { denom: denom.into(), amount: amount.into() }
    }

    /// `Coin.Validate`.
    pub fn validate(&self) -> Result<()> {
        validate_denom(&self.denom)?;
        if self.amount.is_negative() {
            return Err(Error::plain(format!("negative coin amount: {}", self.amount)));
        }
        Ok(())
    }
}

impl fmt::Display for Coin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.amount, self.denom)
    }
}

impl fmt::Debug for Coin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// `[a-zA-Z][a-zA-Z0-9/:._-]{2,127}`.
pub fn validate_denom(denom: &str) -> Result<()> {
    let bytes = denom.as_bytes();
    let tail = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b':' | b'.' | b'_' | b'-');
    let valid =
        (3..=128).contains(&bytes.len()) && bytes[0].is_ascii_alphabetic() && bytes[1..].iter().all(tail);
    if valid { Ok(()) } else { Err(Error::plain(format!("invalid denom: {denom}"))) }
}

/// A list of coins as Go's `sdk.Coins`: usually sorted and positive, but a message may bring anything, so validity is asked for.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Coins(Vec<Coin>);

impl Coins {
    #[must_use]
    pub const fn empty() -> Self {
        Self(Vec::new())
    }

    /// The list as it came, unchecked.
    #[must_use]
    pub const fn from_list(coins: Vec<Coin>) -> Self {
        Self(coins)
    }

    /// `sdk.NewCoins`: drops zeros, sorts, and panics as Go does on what is then not valid.
    pub fn sanitized(coins: Vec<Coin>) -> Result<Self> {
        let mut kept: Vec<Coin> = coins.into_iter().filter(|coin| !coin.amount.is_zero()).collect();
        kept.sort_by(|a, b| a.denom.cmp(&b.denom));
        let coins = Self(kept);
        match coins.validate() {
            Ok(()) => Ok(coins),
            Err(error) => Err(Error::panic(format!("invalid coin set {coins}: {error}"))),
        }
    }

    /// One coin, or nothing if it is zero.
    #[must_use]
    pub fn one(coin: Coin) -> Self {
        Self(if coin.amount.is_zero() { Vec::new() } else { vec![coin] })
    }

    /// `Coins.Validate`: sorted, positive, unique, valid denominations.
    pub fn validate(&self) -> Result<()> {
        let mut last: Option<&str> = None;
        for coin in &self.0 {
            validate_denom(&coin.denom)?;
            if let Some(last) = last {
                if *coin.denom < *last {
                    return Err(Error::plain(format!("denomination {} is not sorted", coin.denom)));
                }
                if coin.denom == last {
                    return Err(Error::plain(format!("duplicate denomination {}", coin.denom)));
                }
            }
            if !coin.amount.is_positive() {
                // Go names the whole coin in first place and only the denomination later
                let name = if last.is_none() { coin.to_string() } else { coin.denom.clone() };
                return Err(Error::plain(format!("coin {name} amount is not positive")));
            }
            last = Some(&coin.denom);
        }
        Ok(())
    }

    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.validate().is_ok()
    }

    #[must_use]
    pub fn is_sorted(&self) -> bool {
        self.0.is_sorted_by(|a, b| a.denom <= b.denom)
    }

    /// `Coins.Add`: merges by denomination and drops zeros.
    pub fn add(&self, other: &Self) -> Result<Self> {
        self.require_sorted(other)?;
        self.merge(other.0.iter().map(|coin| (coin, coin.amount)))
    }

    /// `Coins.SafeSub`: the difference, and whether any part of it is negative.
    pub fn safe_sub(&self, other: &Self) -> Result<(Self, bool)> {
        let other = Self::sanitized(other.0.clone())?;
        self.require_sorted(&other)?;
        let difference = self.merge(other.0.iter().map(|coin| (coin, -coin.amount)))?;
        let negative = difference.is_any_negative();
        Ok((difference, negative))
    }

    /// `Coins.Sub`.
    pub fn sub(&self, other: &Self) -> Result<Self> {
        let (difference, negative) = self.safe_sub(other)?;
        if negative { Err(Error::panic("negative coin amount")) } else { Ok(difference) }
    }

    fn require_sorted(&self, other: &Self) -> Result<()> {
        if !self.is_sorted() {
            return Err(Error::panic("Coins (self) must be sorted"));
        }
        if !other.is_sorted() {
            return Err(Error::panic("Wrong argument: coins must be sorted"));
        }
        Ok(())
    }

    fn merge<'c>(&'c self, other: impl Iterator<Item = (&'c Coin, Int)>) -> Result<Self> {
        let mut sums: BTreeMap<&str, Int> = BTreeMap::new();
        for (coin, amount) in self.0.iter().map(|coin| (coin, coin.amount)).chain(other) {
            let sum = sums.entry(&coin.denom).or_default();
            *sum = sum.add(amount)?;
        }
        let coins = sums.into_iter().filter(|(_, amount)| !amount.is_zero());
        Ok(Self(coins.map(|(denom, amount)| Coin { denom: denom.to_owned(), amount }).collect()))
    }

    /// `Coins.AmountOf` without its check of the denomination.
    #[must_use]
    pub fn amount_of(&self, denom: &str) -> Int {
        self.0.iter().find(|coin| coin.denom == denom).map_or(Int::ZERO, |coin| coin.amount)
    }

    /// Every denomination of `other` is covered.
    #[must_use]
    pub fn is_all_gte(&self, other: &Self) -> bool {
        other.0.is_empty()
            || (!self.0.is_empty() && other.0.iter().all(|coin| coin.amount <= self.amount_of(&coin.denom)))
    }

    /// `IsAllGT`.
    #[must_use]
    pub fn is_all_gt(&self, other: &Self) -> bool {
        if self.0.is_empty() {
            return false;
        }
        other.0.is_empty()
            || (other.denoms_subset_of(self)
                && other.0.iter().all(|coin| coin.amount < self.amount_of(&coin.denom)))
    }

    #[must_use]
    pub fn is_all_lte(&self, other: &Self) -> bool {
        other.is_all_gte(self)
    }

    /// At least one denomination of `other` is covered, zero amounts aside.
    #[must_use]
    pub fn is_any_gte(&self, other: &Self) -> bool {
        other.0.iter().any(|theirs| {
            let mine = self.amount_of(&theirs.denom);
            mine >= theirs.amount && !theirs.amount.is_zero()
        })
    }

    /// At least one denomination exceeds that of `other`.
    #[must_use]
    pub fn is_any_gt(&self, other: &Self) -> bool {
        other.0.iter().any(|theirs| {
            let mine = self.amount_of(&theirs.denom);
            mine > theirs.amount && !theirs.amount.is_zero()
        })
    }

    #[must_use]
    pub fn denoms_subset_of(&self, other: &Self) -> bool {
        self.0.len() <= other.0.len() && self.0.iter().all(|coin| !other.amount_of(&coin.denom).is_zero())
    }

    /// Amounts capped by those of `other`.
    pub fn min(&self, other: &Self) -> Self {
        let capped = self.0.iter().map(|coin| {
            let amount = coin.amount.min(other.amount_of(&coin.denom));
            Coin { denom: coin.denom.clone(), amount }
        });
        Self(capped.filter(|coin| !coin.amount.is_zero()).collect())
    }

    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0.iter().all(|coin| coin.amount.is_zero())
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[must_use]
    pub fn is_all_positive(&self) -> bool {
        !self.0.is_empty() && self.0.iter().all(|coin| coin.amount.is_positive())
    }

    #[must_use]
    pub fn is_any_negative(&self) -> bool {
        self.0.iter().any(|coin| coin.amount.is_negative())
    }

    pub fn iter(&self) -> std::slice::Iter<'_, Coin> {
        self.0.iter()
    }

    #[must_use]
    pub fn as_slice(&self) -> &[Coin] {
        &self.0
    }

    #[must_use]
    pub fn into_vec(self) -> Vec<Coin> {
        self.0
    }
}

impl<'c> IntoIterator for &'c Coins {
    type Item = &'c Coin;
    type IntoIter = std::slice::Iter<'c, Coin>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// A list of coins as text.
pub(crate) fn separate_by_commas(f: &mut fmt::Formatter<'_>, coins: &[impl fmt::Display]) -> fmt::Result {
    for (place, coin) in coins.iter().enumerate() {
        let comma = if place == 0 { "" } else { "," };
        write!(f, "{comma}{coin}")?;
    }
    Ok(())
}

impl fmt::Display for Coins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        separate_by_commas(f, &self.0)
    }
}

impl fmt::Debug for Coins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coins(list: &[(&str, i64)]) -> Coins {
        Coins::from_list(list.iter().map(|(denom, amount)| Coin::new(*denom, *amount)).collect())
    }

    #[test]
    fn sums_merge_and_drop_zeros() {
        let sum = coins(&[("aaa", 2)]).add(&coins(&[("aaa", 1), ("bbb", 2)])).unwrap();
        assert_eq!(sum.to_string(), "3aaa,2bbb");
        let (difference, negative) = sum.safe_sub(&coins(&[("aaa", 3), ("bbb", 3)])).unwrap();
        assert_eq!((difference.to_string().as_str(), negative), ("-1bbb", true));
        assert!(sum.sub(&coins(&[("ccc", 1)])).unwrap_err().is_panic());
    }

    #[test]
    fn validity_has_the_texts_of_the_sdk() {
        let text = |list: &[(&str, i64)]| coins(list).validate().unwrap_err().to_string();
        assert_eq!(text(&[("aaa", 0)]), "coin 0aaa amount is not positive");
        assert_eq!(text(&[("bbb", 1), ("aaa", 1)]), "denomination aaa is not sorted");
        assert_eq!(text(&[("aaa", 1), ("aaa", 1)]), "duplicate denomination aaa");
        assert_eq!(text(&[("a", 1)]), "invalid denom: a");
    }

    #[test]
    fn comparisons_follow_the_sdk_on_empty_sets() {
        let (none, some) = (Coins::empty(), coins(&[("aaa", 1)]));
        assert!(none.is_all_gte(&none) && some.is_all_gte(&none) && !none.is_all_gte(&some));
        assert!(!none.is_any_gte(&some) && some.is_any_gte(&some));
    }
}
