//! `contracts/README.md` says which test plays which attack and holds which invariant: each of them is there, and no attack or bad input
//! of the design is without one.

#![allow(clippy::unwrap_used)] // a failure here fails the test

use std::collections::BTreeMap;
use std::path::Path;

const ATTACKS: [&str; 16] = [
    "first-depositor inflation",
    "donation",
    "sandwich around a print",
    "run on the reserve",
    "stale-oracle mint",
    "griefing claims",
    "redemption front-running",
    "sybil split and merge",
    "flash merit",
    "agenda cloning",
    "late swing",
    "copycat scores",
    "colluding minority of evaluators",
    "wrapper nodes that dodge royalties",
    "churning new nodes",
    "spoofed cells",
];

const BAD_INPUT: [&str; 16] = [
    "wrong or several denominations, zero",
    "dust",
    "overflow at the edges of u128 and Decimal256",
    "unsorted and duplicate recipients",
    "shares that do not sum",
    "stale index",
    "replayed reports",
    "reentrant receivers",
    "malicious cw20 senders",
    "donations straight to the contract",
    "fake IBC callbacks",
    "votes after close",
    "reveals that do not match",
    "self-slash",
    "self-dealing evaluators",
    "cyclic or over-deep lineage",
];

/// Whether a source has a test of this name: the attribute is on the line before, but for others.
fn has_test(source: &str, name: &str) -> bool {
    let wanted = format!("fn {name}(");
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    lines.iter().enumerate().any(|(at, line)| {
        let mut above = lines[..at].iter().rev().take_while(|line| line.starts_with("#["));
        line.starts_with(&wanted) && above.any(|line| *line == "#[test]")
    })
}

#[test]
fn every_attack_and_bad_input_of_the_design_has_a_test() {
    let contracts = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let table = std::fs::read_to_string(contracts.join("README.md")).unwrap();
    let mut tests: BTreeMap<&str, usize> = BTreeMap::new();
    for line in table.lines().filter(|line| line.starts_with("| ")) {
        let what = line.split('|').nth(1).unwrap().trim();
        // every other piece lies between backticks
        for named in line.split('`').skip(1).step_by(2).filter(|piece| piece.contains(".rs")) {
            let (file, name) = named.split_once("::").unwrap_or((named, ""));
            // as the table of invariants shortens it
            let Ok(source) = std::fs::read_to_string(contracts.join(file)) else {
                assert!(name.is_empty() && !file.contains('/'), "there is no {file}");
                continue;
            };
            assert!(name.is_empty() || has_test(&source, name), "{file} has no test {name}");
            *tests.entry(what).or_default() += usize::from(!name.is_empty());
        }
    }
    for what in ATTACKS.into_iter().chain(BAD_INPUT) {
        assert!(tests.get(what).is_some_and(|count| *count > 0), "no test plays: {what}");
    }
}

#[test]
fn a_name_alone_is_no_test() {
    let source = "/// fn one() {}\n#[test]\n#[ignore]\nfn two() {}\nfn three() {}\n    #[test]\n    fn four(x in 0..1) {}";
    let found = ["one", "two", "three", "four", "tw"].map(|name| has_test(source, name));
    assert_eq!(found, [false, true, false, true, false]);
}
