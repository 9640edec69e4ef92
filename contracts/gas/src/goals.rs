//! What the design asks of some messages.

use anyhow::{Context, Result};

use crate::book::Table;

/// Contract, message, the most that it may cost.
const GOALS: [(&str, &str, u64); 4] = [
    ("revenue-router", "pay_fee, eight destinations", 350_000),
    ("quadratic-dao", "vote", 150_000),
    ("rounds", "enrol", 120_000),
    ("rounds", "a whole round of 256 clients and 32 seats", 60_000_000),
];

/// A line a goal, in words.
pub fn check(table: &Table) -> Result<Vec<String>> {
    let gas = |contract: &str, message: &str| {
        let found = table.0.get(&(contract.to_owned(), message.to_owned()));
        found.copied().with_context(|| format!("{contract} {message} was not measured"))
    };
    let mut lines = vec![];
    for (contract, message, most) in GOALS {
        let (pinned, unpinned) = gas(contract, message)?;
        let verdict = if pinned.max(unpinned) <= most {
            "met"
        } else if pinned <= most {
            "met where the code is pinned"
        } else {
            "MISSED"
        };
        lines.push(format!("{contract} {message}: {pinned} pinned, {unpinned} not, goal {most}: {verdict}"));
    }
    for kind in ["to a holder", "to somebody new"] {
        let name = format!("transfer, {kind}");
        let (ours, theirs) = (gas("stable-token", &name)?.0, gas("cw20-base", &name)?.0);
        let percent = ours as f64 * 100.0 / theirs as f64;
        let verdict = if percent <= 115.0 { "met" } else { "MISSED" };
        lines.push(format!("ZERO's {name}: {ours}, cw20-base {theirs}, {percent:.1}%, goal 115%: {verdict}"));
    }
    Ok(lines)
}
