//! Whether every metric that an alert rule or a panel names is given by somebody on a running network. What trainers
//! give is also in a list that they are built with.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::files::Network;
use crate::http;

/// How the names of our metrics begin, and those of CometBFT.
const FAMILIES: [&str; 3] = ["izd_", "iz_", "cometbft_"];
/// What is not given while there is nothing to measure: no ZERO, no ratio; a node alone, no peers.
const SOMETIMES: &[&str] = &["iz_zero_ratio", "cometbft_p2p_peers", "iz_trainer_faults_total"];
/// Whose metrics are not there before the first round has ended.
const LATER: [&str; 2] = ["iz_trainer_", "iz_serve_"];

/// Scrapes the network and compares. Answers with how many metrics are named and how many given.
pub fn check(network: &Network, files: &Path) -> Result<(usize, usize)> {
    let named = named(files)?;
    let mut given = BTreeSet::new();
    for node in &network.validators {
        given.extend(names(&scrape(&node.metrics)?));
        given.extend(names(&scrape(&node.consensus_metrics)?));
    }
    given.extend(names(&scrape(&network.contract_metrics)?));
    for trainer in &network.trainers {
        given.extend(names(&scrape(&trainer.metrics)?));
    }
    // it is started when there is a model
    if let Ok(text) = scrape(&network.predictions) {
        given.extend(names(&text));
    }
    // a trainer's figures begin with its first round
    let begun = |family: &str| given.iter().any(|name| name.starts_with(family));
    let silent: Vec<&str> = LATER.into_iter().filter(|family| !begun(family)).collect();
    let excused =
        |name: &str| SOMETIMES.contains(&name) || silent.iter().any(|family| name.starts_with(family));
    let missing: Vec<&String> =
        named.iter().filter(|name| !given.contains(*name) && !excused(name)).collect();
    if !missing.is_empty() {
        bail!("named by a rule or a panel, and given by nobody: {missing:?}");
    }
    Ok((named.len(), given.len()))
}

/// The metrics that the rules and dashboards under a folder name.
pub fn named(files: &Path) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let rules = files.join("prometheus/alerts.yml");
    let text = fs::read_to_string(&rules).with_context(|| format!("cannot read {}", rules.display()))?;
    for line in text.lines() {
        if let Some(expression) = line.trim().strip_prefix("expr:") {
            found.extend(metrics_in(expression));
        }
    }
    let boards = files.join("grafana");
    for entry in fs::read_dir(&boards).with_context(|| format!("cannot read {}", boards.display()))? {
        let path = entry?.path();
        let board: Value = serde_json::from_slice(&fs::read(&path)?)
            .with_context(|| format!("{} is no JSON", path.display()))?;
        expressions(&board, &mut found);
    }
    Ok(found)
}

fn expressions(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(expression) = fields.get("expr").and_then(Value::as_str) {
                found.extend(metrics_in(expression));
            }
            fields.values().for_each(|field| expressions(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| expressions(item, found)),
        _ => {}
    }
}

/// Words of a PromQL expression that are metrics of ours.
fn metrics_in(expression: &str) -> impl Iterator<Item = String> + '_ {
    expression
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter(|word| FAMILIES.iter().any(|family| word.starts_with(family)))
        .map(str::to_owned)
}

/// Names in a scrape.
fn names(scrape: &str) -> BTreeSet<String> {
    scrape
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(['{', ' ']).next())
        .map(str::to_owned)
        .collect()
}

fn scrape(address: &str) -> Result<String> {
    let answer = http::ask("GET", address, "/metrics", b"")?;
    if answer.status != 200 {
        bail!("http://{address}/metrics answers with {}", answer.status);
    }
    Ok(answer.text())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn metrics_are_found_in_expressions() {
        let found: Vec<String> =
            metrics_in("rate(cometbft_consensus_total_txs[1m]) / on(validator) max(izd_height) > up")
                .collect();
        assert_eq!(found, ["cometbft_consensus_total_txs", "izd_height"]);
    }

    #[test]
    fn a_scrape_is_taken_apart() {
        let text = "# HELP a b\n# TYPE a gauge\na 1\nb_bucket{le=\"1\"} 2\n";
        assert_eq!(names(text).into_iter().collect::<Vec<_>>(), ["a", "b_bucket"]);
    }

    /// What a trainer gives, by the list that it is built with.
    fn of_trainers(files: &Path) -> BTreeSet<String> {
        let text = fs::read_to_string(files.join("prometheus/trainer.txt")).unwrap();
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        lines.map(|line| format!("iz_trainer_{}", line.split_once(' ').unwrap().0)).collect()
    }

    #[test]
    fn what_is_named_of_trainers_is_what_they_give() {
        let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let given = of_trainers(&files);
        let named = named(&files).unwrap();
        let of_trainers: Vec<&String> = named.iter().filter(|name| name.starts_with("iz_trainer_")).collect();
        assert!(of_trainers.len() >= 8, "{of_trainers:?}");
        for name in of_trainers {
            assert!(given.contains(name), "{name}");
        }
    }

    /// Every rule has what an operator needs, and both dashboards can be read.
    #[test]
    fn rules_say_what_to_do() {
        let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let found = named(&files).unwrap();
        for name in ["izd_height", "cometbft_p2p_peers", "iz_zero_ratio", "iz_treasury_free"] {
            assert!(found.contains(name), "{name}");
        }
        let rules = fs::read_to_string(files.join("prometheus/alerts.yml")).unwrap();
        let count = |what: &str| rules.matches(what).count();
        assert!(count("- alert:") >= 10);
        for part in ["expr:", "severity:", "summary:", "action:"] {
            assert_eq!(count(part), count("- alert:"), "{part}");
        }
    }
}
