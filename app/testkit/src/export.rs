//! What a chain exports: `export` is asked in several ways once the blocks are made, and the answers of both sides must be the same.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::application::prefix_flag;
use crate::compare::Difference;

/// The answer to each way of asking: a genesis, or the reason why there is none.
pub type Answers = BTreeMap<String, Value>;

/// Where the oracle's answers lie beside a recording.
pub fn beside(recording: &Path) -> PathBuf {
    recording.with_extension("exports")
}

/// Asks a binary about the chain in a home; nothing may run there.
pub fn ask(binary: &Path, home: &Path) -> Result<Answers> {
    let now = export(binary, home, &[])?;
    let height = now["initial_height"].as_i64().with_context(|| format!("export: {now}"))?;
    let bonded: Vec<&str> = now["app_state"]["staking"]["validators"]
        .as_array()
        .context("no validators")?
        .iter()
        .filter(|validator| validator["status"] == "BOND_STATUS_BONDED")
        .filter_map(|validator| validator["operator_address"].as_str())
        .collect();
    let (all, first) = (bonded.join(","), bonded.first().copied().unwrap_or_default());
    let (half, late) = ((height / 2).to_string(), (height + 1).to_string());
    let ways: [&[&str]; 8] = [
        &["--for-zero-height"],
        &["--for-zero-height", "--jail-allowed-addrs", &all],
        &["--for-zero-height", "--jail-allowed-addrs", first],
        &["--for-zero-height", "--jail-allowed-addrs", "nobody"],
        &["--for-zero-height", "--height", &half],
        &["--height", &half, "--modules-to-export", "mint,staking,upgrade"],
        &["--modules-to-export", "nothing"],
        &["--height", &late],
    ];
    let mut answers = Answers::new();
    for way in ways {
        answers.insert(way.join(" "), export(binary, home, way)?);
    }
    answers.insert(String::new(), now);
    Ok(answers)
}

/// JSON of any depth: the messages of a proposal may hold each other deeper than serde_json reads by itself, and Go writes them.
fn deep_json<T: DeserializeOwned>(bytes: &[u8]) -> serde_json::Result<T> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    reader.disable_recursion_limit();
    let value = T::deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

fn export(binary: &Path, home: &Path, arguments: &[&str]) -> Result<Value> {
    let output = Command::new(binary)
        .args(["export", "--log_no_color", "--log_level", "error", "--home"])
        .arg(home)
        .args(arguments)
        .args(prefix_flag(binary))
        .output()
        .with_context(|| format!("cannot run {}", binary.display()))?;
    if !output.status.success() {
        return Ok(json!({ "refused": reason(&String::from_utf8_lossy(&output.stderr)) }));
    }
    let mut genesis: Value = deep_json(&output.stdout).context("the export is no JSON")?;
    let Some(members) = genesis.as_object_mut() else { bail!("the export is no object") };
    // each writes its own name here
    members.remove("app_name");
    members.remove("app_version");
    Ok(genesis)
}

/// Why there is no export, without what differs between the ways of saying it: the log line, coloured always, or the date around it.
fn reason(said: &str) -> String {
    let line = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
    let text = match line.split_once("error exporting state: ") {
        Some((_, text)) => text.trim_end_matches('"'),
        None => line.split_at_checked(20).filter(|(date, _)| is_date(date)).map_or(line, |(_, text)| text),
    };
    text.to_owned()
}

/// `2026/11/21 17:25:41 `, which Go's log puts before a text.
fn is_date(text: &str) -> bool {
    text.chars().all(|character| character.is_ascii_digit() || "/: ".contains(character))
}

/// What differs, one difference for each way of asking.
pub fn compare(oracle: &Answers, subject: &Answers) -> Vec<Difference> {
    let mut differences = Vec::new();
    for (way, expected) in oracle {
        let found = subject.get(way).unwrap_or(&Value::Null);
        if let Some((path, expected, found)) = first_difference("", expected, found) {
            differences.push(Difference {
                what: format!("export {way}"),
                oracle: format!("{path}: {expected}"),
                subject: format!("{path}: {found}"),
                transaction: None,
            });
        }
    }
    differences
}

fn first_difference<'v>(
    path: &str,
    oracle: &'v Value,
    subject: &'v Value,
) -> Option<(String, &'v Value, &'v Value)> {
    match (oracle, subject) {
        (Value::Object(a), Value::Object(b)) => {
            let names = a.keys().chain(b.keys().filter(|name| !a.contains_key(*name)));
            names
                .map(|name| (name, &oracle[name], &subject[name]))
                .find_map(|(name, a, b)| first_difference(&format!("{path}/{name}"), a, b))
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => a
            .iter()
            .zip(b)
            .enumerate()
            .find_map(|(place, (a, b))| first_difference(&format!("{path}/{place}"), a, b)),
        _ => (oracle != subject).then(|| (path.to_owned(), oracle, subject)),
    }
}

pub fn write(path: &Path, answers: &Answers) -> Result<()> {
    let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    let mut out = GzEncoder::new(file, Compression::best());
    out.write_all(&serde_json::to_vec(answers)?)?;
    out.finish()?;
    Ok(())
}

/// None where there is no such file.
pub fn read(path: &Path) -> Result<Option<Answers>> {
    if !path.exists() {
        return Ok(None);
    }
    let mut text = Vec::new();
    GzDecoder::new(File::open(path)?)
        .read_to_end(&mut text)
        .with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Some(deep_json(&text)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_the_same_whoever_says_them() {
        let jailed = "should never retrieve a jailed validator from the power store";
        assert_eq!(reason(&format!("2026/11/21 17:25:41 {jailed}\n")), jailed);
        assert_eq!(reason(&format!("Error: error exporting state: {jailed}\n")), jailed);
        let text = "error exporting state: module foo does not exist";
        let logged = format!("Usage:\n\n\u{1b}[90m5:25PM\u{1b}[0m \u{1b}[36merr=\u{1b}[0m\"{text}\"\n");
        assert_eq!(reason(&logged), "module foo does not exist");
    }

    #[test]
    fn the_first_difference_is_named_by_its_path() {
        let answers = |text: &str| Answers::from([("way".to_owned(), serde_json::from_str(text).unwrap())]);
        let oracle = answers(r#"{"a":[1,{"b":2}],"c":3}"#);
        assert!(compare(&oracle, &oracle.clone()).is_empty());
        let found = compare(&oracle, &answers(r#"{"a":[1,{"b":4}],"c":3}"#));
        assert_eq!((found.len(), &*found[0].oracle, &*found[0].subject), (1, "/a/1/b: 2", "/a/1/b: 4"));
        assert_eq!(compare(&oracle, &answers(r#"{"a":[1,{"b":2}],"c":3,"d":1}"#))[0].oracle, "/d: null");
        assert_eq!(compare(&oracle, &Answers::new()).len(), 1);
    }
}
