//! `node_key.json`: the key under which peers know a node.

use std::path::Path;

use anyhow::Result;
use ed25519_dalek::SigningKey;
use zeroize::Zeroizing;

use super::{address, generate, load, to_text};
use crate::setup::write_private;

pub struct NodeKey(SigningKey);

impl NodeKey {
    pub fn load(path: &Path) -> Result<Self> {
        load(path).map(Self)
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
