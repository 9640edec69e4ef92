//! How keys are printed: as YAML lists or as JSON, field for field as wasmd does.

use anyhow::{Result, bail};
use iz_core::Address;
use serde::Serialize;

use crate::{
    json::compact,
    keyring::{PublicKey, Record},
    setup::Setup,
};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Text,
    Json,
}

impl Format {
    pub fn parse(name: &str) -> Result<Self> {
        match name {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => bail!("invalid output format {name}; use text or json"),
        }
    }
}

#[derive(Serialize)]
pub struct Shown {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub address: String,
    pub pubkey: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mnemonic: String,
}

impl Shown {
    /// With the address of an account.
    pub fn account(record: &Record, setup: &Setup) -> Result<Self> {
        Self::with(record, |address| setup.addresses.account(address))
    }

    pub fn with(record: &Record, text: impl Fn(&Address) -> String) -> Result<Self> {
        Self::of(record.name(), &record.kind().to_string(), &record.public_key()?, text)
    }

    pub fn of(name: &str, kind: &str, key: &PublicKey, text: impl Fn(&Address) -> String) -> Result<Self> {
        Ok(Self {
            name: name.to_owned(),
            kind: kind.to_owned(),
            address: text(&key.address()),
            pubkey: compact(&key.to_json())?,
            mnemonic: String::new(),
        })
    }

    fn yaml(&self) -> String {
        format!(
            "- address: {}\n  name: {}\n  pubkey: '{}'\n  type: {}\n",
            self.address,
            scalar(&self.name),
            self.pubkey.replace('\'', "''"),
            self.kind
        )
    }
}

pub fn print_one(shown: &Shown, format: Format) -> Result<()> {
    match format {
        Format::Text => say!("{}", shown.yaml()),
        Format::Json => say!("{}", compact(shown)?),
    }
    Ok(())
}

/// The JSON of a list has no line end, as in wasmd.
pub fn print_list(shown: &[Shown], format: Format) -> Result<()> {
    match format {
        Format::Text => say!("{}", shown.iter().map(Shown::yaml).collect::<String>()),
        Format::Json => crate::say::write(format_args!("{}", compact(&shown)?)),
    }
    Ok(())
}

/// A text of YAML, in quotes where it would be read as something else.
fn scalar(text: &str) -> String {
    const WORDS: [&str; 10] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"];
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    if WORDS.contains(&text.to_ascii_lowercase().as_str()) || text.is_empty() || text.parse::<f64>().is_ok() {
        format!("{text:?}")
    } else if text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}
