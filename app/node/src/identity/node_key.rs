//! `node_key.json`: the key under which peers know a node.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use ed25519_dalek::SigningKey;
use serde_json::Value;
use zeroize::Zeroizing;

use super::{address, from_text, generate, to_text};
use crate::setup::write_private;

pub struct NodeKey(SigningKey);

impl NodeKey {
    pub fn load(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}; `izd init` makes it", path.display()))?;
        let text = Zeroizing::new(text);
        let damaged = || format!("{} is damaged", path.display());
        let value: Value = serde_json::from_str(&text).with_context(damaged)?;
        match value.pointer("/priv_key/value").and_then(Value::as_str) {
            Some(key) => Ok(Self(from_text(key).with_context(damaged)?)),
            None => bail!("{} has no priv_key", path.display()),
        }
    }

    pub fn load_or_generate(path: &Path) -> Result<Self> {
        if path.exists() {
            return Self::load(path);
        }
        let key = Self(generate());
        let text = to_text(&key.0);
        let json = Zeroizing::new(format!(
            r#"{{"priv_key":{{"type":"tendermint/PrivKeyEd25519","value":"{}"}}}}"#,
            text.as_str()
        ));
        write_private(path, json.as_bytes())?;
        Ok(key)
    }

    /// The node's id: its key's address in lower-case hex.
    pub fn id(&self) -> String {
        hex::encode(address(&self.0))
    }
}
