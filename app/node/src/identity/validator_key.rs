//! `priv_validator_key.json` and the record of what it signed last.

use std::path::Path;

use anyhow::Result;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::SigningKey;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::{address, generate, load, to_text};
use crate::{
    keyring::PublicKey,
    setup::{make_folder, write_private},
};

/// Nothing signed yet.
const FRESH_STATE: &str = "{\n  \"height\": \"0\",\n  \"round\": 0,\n  \"step\": 0\n}";

pub struct ValidatorKey(SigningKey);

impl ValidatorKey {
    pub fn load(path: &Path) -> Result<Self> {
        load(path).map(Self)
    }

    /// The key of the folder, made from `mnemonic` or afresh if there is none yet.
    pub fn load_or_generate(key_file: &Path, state_file: &Path, mnemonic: Option<&str>) -> Result<Self> {
        for file in [key_file, state_file] {
            if let Some(folder) = file.parent() {
                make_folder(folder, 0o755)?;
            }
        }
        let key = match mnemonic {
            Some(words) => Self(SigningKey::from_bytes(&Sha256::digest(words.as_bytes()).into())),
            None if key_file.exists() => {
                let key = Self::load(key_file)?;
                if !state_file.exists() {
                    reset_state(state_file)?;
                }
                return Ok(key);
            }
            None => Self(generate()),
        };
        key.save(key_file)?;
        reset_state(state_file)?;
        Ok(key)
    }

    pub fn public_key(&self) -> PublicKey {
        PublicKey::Ed25519(self.0.verifying_key().to_bytes().to_vec())
    }

    fn save(&self, path: &Path) -> Result<()> {
        let public = STANDARD.encode(self.0.verifying_key().as_bytes());
        let private = to_text(&self.0);
        let json = Zeroizing::new(format!(
            "{{\n  \"address\": \"{}\",\n  \"pub_key\": {{\n    \"type\": \"tendermint/PubKeyEd25519\",\n    \
             \"value\": \"{public}\"\n  }},\n  \"priv_key\": {{\n    \"type\": \"tendermint/PrivKeyEd25519\",\n    \
             \"value\": \"{}\"\n  }}\n}}",
            hex::encode_upper(address(&self.0)),
            private.as_str(),
        ));
        write_private(path, json.as_bytes())
    }
}

/// Forgets what was signed: only safe on a chain that starts again.
pub fn reset_state(path: &Path) -> Result<()> {
    write_private(path, FRESH_STATE.as_bytes())
}
