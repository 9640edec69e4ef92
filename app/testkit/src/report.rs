//! What has been found, for people: counts by kind, and the first case of each in full.

use std::collections::BTreeMap;

use crate::compare::Difference;
use crate::descriptors::describe_transaction;

/// A difference and where it was found.
pub struct Case {
    pub height: i64,
    pub difference: Difference,
    pub label: String,
    pub transaction: Option<Vec<u8>>,
}

#[derive(Default)]
pub struct Report {
    /// Ways in which the state was exported.
    pub exports: u64,
    pub requests: u64,
    pub blocks: u64,
    pub transactions: u64,
    pub succeeded: u64,
    pub queries: u64,
    /// Results of the oracle by what the transaction was meant to be, and answers to queries by path.
    pub outcomes: BTreeMap<String, BTreeMap<String, u64>>,
    groups: BTreeMap<String, (u64, Case)>,
    pub stores: String,
}

impl Report {
    pub fn add(&mut self, case: Case) {
        let what = match case.label.split(" (").next() {
            Some(label) if !label.is_empty() => format!("{}: {label}", case.difference.what),
            _ => case.difference.what.clone(),
        };
        self.groups.entry(what).and_modify(|(count, _)| *count += 1).or_insert((1, case));
    }

    /// Counts what the oracle said.
    pub fn note(&mut self, about: String, outcome: String) {
        *self.outcomes.entry(about).or_default().entry(outcome).or_default() += 1;
    }

    pub fn is_clean(&self) -> bool {
        self.groups.is_empty()
    }

    pub fn differences(&self) -> u64 {
        self.groups.values().map(|(count, _)| count).sum()
    }

    pub fn print(&self) {
        let mut groups: Vec<_> = self.groups.iter().collect();
        groups.sort_by_key(|(_, (_, case))| case.height);
        for (what, (count, case)) in groups {
            println!(
                "== {what} ({count} times; first at height {}{})",
                case.height,
                case.difference.transaction.map(|i| format!(", transaction {i}")).unwrap_or_default()
            );
            if !case.label.is_empty() {
                println!("   meant as {}", case.label);
            }
            println!("   oracle  {}", shorten(&case.difference.oracle));
            println!("   subject {}", shorten(&case.difference.subject));
            if let Some(bytes) = &case.transaction {
                println!("   transaction {}", shorten(&describe_transaction(bytes).to_string()));
            }
        }
        if !self.stores.is_empty() {
            println!("{}", self.stores);
        }
    }

    pub fn print_outcomes(&self) {
        println!("{:<58} {:>6}  what the oracle said", "meant as", "count");
        for (label, outcomes) in &self.outcomes {
            let mut sorted: Vec<_> = outcomes.iter().collect();
            sorted.sort_by(|a, b| b.1.cmp(a.1));
            let text: Vec<String> =
                sorted.iter().map(|(outcome, count)| format!("{outcome} x{count}")).collect();
            println!("{label:<58} {:>6}  {}", outcomes.values().sum::<u64>(), text.join(", "));
        }
    }
}

fn shorten(text: &str) -> String {
    const LIMIT: usize = 4000;
    if text.chars().count() <= LIMIT {
        text.to_owned()
    } else {
        format!("{}… ({} bytes)", text.chars().take(LIMIT).collect::<String>(), text.len())
    }
}
