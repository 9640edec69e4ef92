//! A settings file as a list of entries: from it come the file, its defaults, the flags and the checks.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use anyhow::{Context as _, Result, bail};
use toml::{Table, Value};

use crate::setup::environment;

/// What a setting may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Bool,
    Integer,
    /// A list or anything else: kept as it is.
    Other,
}

/// One setting.
pub struct Entry {
    /// Empty for those that stand before the first section.
    pub section: &'static str,
    pub key: &'static str,
    pub kind: Kind,
    /// As it stands in the file.
    pub default: &'static str,
    pub note: &'static str,
}

impl Entry {
    /// `section.key`: the name of the flag and of the setting.
    pub fn path(&self) -> String {
        if self.section.is_empty() { self.key.to_owned() } else { format!("{}.{}", self.section, self.key) }
    }
}

/// Writes the file; `changed` holds the values that are not the defaults, as they stand in the file.
pub fn render(title: &str, entries: &[Entry], changed: &BTreeMap<String, String>) -> String {
    let mut out = format!("# {title}\n# This is a TOML file: https://toml.io\n");
    let mut section = "";
    for entry in entries {
        if entry.section != section {
            section = entry.section;
            let _ = write!(out, "\n[{section}]\n");
        }
        out.push('\n');
        for line in entry.note.lines() {
            let _ = writeln!(out, "# {line}");
        }
        let path = entry.path();
        let value = changed.get(&path).map_or(entry.default, String::as_str);
        if value.is_empty() {
            let _ = writeln!(out, "# {} =", entry.key);
        } else {
            let _ = writeln!(out, "{} = {value}", entry.key);
        }
    }
    out
}

/// The settings in force: flags before environment variables before the file before the defaults.
pub struct Values {
    values: BTreeMap<String, Value>,
}

impl Values {
    /// `file` may be missing: then the defaults hold.
    pub fn load(entries: &[Entry], file: &Path, flags: &BTreeMap<String, String>) -> Result<Self> {
        let table = read(file)?;
        let mut values = BTreeMap::new();
        for entry in entries {
            let path = entry.path();
            let found = if let Some(given) = flags.get(&path) {
                parse(entry, given).with_context(|| format!("--{path}"))?
            } else if let Some(given) = environment(&path) {
                parse(entry, &given).with_context(|| format!("environment variable for {path}"))?
            } else if let Some(value) = lookup(&table, &path) {
                check(entry, value).with_context(|| format!("{}: {path}", file.display()))?
            } else if entry.default.is_empty() {
                continue;
            } else {
                default(entry)?
            };
            values.insert(path, found);
        }
        Ok(Self { values })
    }

    pub fn text(&self, path: &str) -> String {
        match self.values.get(path) {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        }
    }

    pub fn flag(&self, path: &str) -> bool {
        self.values.get(path).and_then(Value::as_bool).unwrap_or(false)
    }

    /// A number; below zero counts as zero.
    pub fn number(&self, path: &str) -> Result<u64> {
        match self.values.get(path) {
            Some(Value::Integer(number)) => Ok(u64::try_from(*number).unwrap_or(0)),
            Some(Value::String(text)) if !text.trim().is_empty() => text
                .trim()
                .parse()
                .with_context(|| format!("{path} is \"{text}\", but must be a whole number")),
            _ => Ok(0),
        }
    }

    /// The strings of a list.
    pub fn list(&self, path: &str) -> Vec<String> {
        let items = self.values.get(path).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }
}

/// The file as a table; empty if there is none.
pub fn read(file: &Path) -> Result<Table> {
    if !file.exists() {
        return Ok(Table::new());
    }
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    text.parse().with_context(|| {
        format!("{} is no valid TOML; correct it, or remove it to get the defaults", file.display())
    })
}

/// The value at a dotted path.
pub fn lookup<'t>(table: &'t Table, path: &str) -> Option<&'t Value> {
    let mut steps = path.split('.');
    let mut value = table.get(steps.next()?)?;
    for step in steps {
        value = value.as_table()?.get(step)?;
    }
    Some(value)
}

fn default(entry: &Entry) -> Result<Value> {
    let table: Table = format!("value = {}", entry.default).parse()?;
    table.get("value").cloned().with_context(|| format!("the default of {} is broken", entry.path()))
}

/// A value as a flag or an environment variable gives it.
pub fn parse(entry: &Entry, text: &str) -> Result<Value> {
    match entry.kind {
        Kind::Text => Ok(Value::String(text.to_owned())),
        Kind::Bool => match text {
            "true" | "1" | "t" | "T" | "TRUE" | "True" => Ok(Value::Boolean(true)),
            "false" | "0" | "f" | "F" | "FALSE" | "False" => Ok(Value::Boolean(false)),
            _ => bail!("\"{text}\" is neither true nor false"),
        },
        Kind::Integer => match text.parse() {
            Ok(number) => Ok(Value::Integer(number)),
            Err(_) => bail!("\"{text}\" is not a whole number"),
        },
        Kind::Other => {
            let literal: Result<Table, _> = format!("value = {text}").parse();
            match literal.ok().and_then(|table| table.get("value").cloned()) {
                Some(value) => Ok(value),
                None => Ok(Value::Array(
                    text.split(',')
                        .filter(|part| !part.is_empty())
                        .map(|part| Value::String(part.to_owned()))
                        .collect(),
                )),
            }
        }
    }
}

/// A value as the file gives it. Numbers and booleans may stand in quotes, as the SDK's reader lets them.
fn check(entry: &Entry, value: &Value) -> Result<Value> {
    match (entry.kind, value) {
        (Kind::Bool, Value::Boolean(_))
        | (Kind::Integer, Value::Integer(_))
        | (Kind::Text, Value::String(_)) => Ok(value.clone()),
        (Kind::Other, _) => Ok(value.clone()),
        (Kind::Text, Value::Integer(_) | Value::Float(_) | Value::Boolean(_)) => {
            Ok(Value::String(value.to_string()))
        }
        (_, Value::String(text)) => parse(entry, text),
        (Kind::Bool, _) => bail!("{value} is neither true nor false"),
        (Kind::Integer, _) => bail!("{value} is not a whole number"),
        (Kind::Text, _) => bail!("{value} is not a text in quotes"),
    }
}
