//! What messages cost: a table by contract and message, kept in the repository and compared.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::{Context, Result, bail};

/// Gas by contract and message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book(pub BTreeMap<(String, String), u64>);

/// The kept table: what a message costs on a chain that pinned the codes, and on one that did not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table(pub BTreeMap<(String, String), (u64, u64)>);

/// How far a figure may be from the kept one, in thousandths: a new compiler moves all of them a little.
const DRIFT: u64 = 20;
/// How far apart figures with few and with many users may be, in thousandths.
pub const FLAT: u64 = 50;

impl Book {
    pub fn note(&mut self, contract: &str, message: &str, gas: u64) {
        self.0.insert((contract.into(), message.into()), gas);
    }

    pub fn get(&self, contract: &str, message: &str) -> Result<u64> {
        let found = self.0.get(&(contract.into(), message.into()));
        found.copied().with_context(|| format!("{contract} {message} was not measured"))
    }

    /// Messages whose price depends on how many users there are.
    pub fn not_flat(&self, many: &Self) -> Vec<String> {
        let mut all = Vec::new();
        for ((contract, message), few) in &self.0 {
            match many.0.get(&(contract.clone(), message.clone())) {
                Some(gas) if apart(*few, *gas) <= FLAT => {}
                other => all.push(format!("{contract} {message}: {few}, with many users {other:?}")),
            }
        }
        all
    }
}

/// The difference in thousandths of the smaller.
pub fn apart(one: u64, other: u64) -> u64 {
    one.abs_diff(other).saturating_mul(1_000) / one.min(other).max(1)
}

const HEAD: &str = "contract\tmessage\tgas, code pinned\tgas, code not pinned\n";

impl Table {
    pub fn of(pinned: &Book, unpinned: &Book) -> Result<Self> {
        let rows = pinned.0.iter().map(|((contract, message), gas)| {
            Ok(((contract.clone(), message.clone()), (*gas, unpinned.get(contract, message)?)))
        });
        Ok(Self(rows.collect::<Result<_>>()?))
    }

    pub fn write(&self) -> String {
        let mut text = HEAD.to_owned();
        for ((contract, message), (pinned, unpinned)) in &self.0 {
            let _ = writeln!(text, "{contract}\t{message}\t{pinned}\t{unpinned}");
        }
        text
    }

    pub fn read(text: &str) -> Result<Self> {
        let mut rows = BTreeMap::new();
        for line in text.strip_prefix(HEAD).context("the table has another head")?.lines() {
            let [contract, message, pinned, unpinned] = line.split('\t').collect::<Vec<_>>()[..] else {
                bail!("not a line of the table: {line}")
            };
            rows.insert((contract.into(), message.into()), (pinned.parse()?, unpinned.parse()?));
        }
        Ok(Self(rows))
    }

    /// What differs from the kept table by more than the drift, or is in one of them only.
    pub fn changes(&self, kept: &Self) -> Vec<String> {
        let mut all = Vec::new();
        for (name @ (contract, message), now) in &self.0 {
            match kept.0.get(name) {
                None => all.push(format!("{contract} {message}: {now:?}, and the table has no such line")),
                Some(before) if apart(now.0, before.0).max(apart(now.1, before.1)) > DRIFT => {
                    all.push(format!("{contract} {message}: {now:?}, in the table {before:?}"));
                }
                Some(_) => {}
            }
        }
        for (contract, message) in kept.0.keys() {
            if !self.0.contains_key(&(contract.clone(), message.clone())) {
                all.push(format!("{contract} {message} is in the table and was not measured"));
            }
        }
        all
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn table(gas: u64) -> Table {
        Table(BTreeMap::from([(("merit".into(), "credit".into()), (gas, gas + 58_000))]))
    }

    #[test]
    fn a_table_is_read_as_it_was_written() {
        assert_eq!(Table::read(&table(7).write()).unwrap(), table(7));
        assert!(Table::read("merit\tcredit\t7\t8\n").is_err());
        assert!(Table::read(&format!("{HEAD}merit\tcredit\t7\n")).is_err());
    }

    #[test]
    fn a_change_beyond_the_drift_is_named() {
        assert!(table(100_000).changes(&table(102_000)).is_empty());
        assert_eq!(table(100_000).changes(&table(102_100)).len(), 1);
        assert_eq!(table(100_000).changes(&Table::default()).len(), 1);
        assert_eq!(Table::default().changes(&table(100_000)).len(), 1);
    }

    #[test]
    fn a_price_that_grows_with_users_is_named() {
        let book = |gas| Book(BTreeMap::from([(("merit".into(), "credit".into()), gas)]));
        assert!(book(1_000).not_flat(&book(1_050)).is_empty());
        assert_eq!(book(1_000).not_flat(&book(1_051)).len(), 1);
        assert_eq!(book(1_000).not_flat(&Book::default()).len(), 1);
    }
}
