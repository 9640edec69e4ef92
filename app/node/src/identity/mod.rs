//! Who a node is: the key it has among its peers, and the key with which it votes.

mod node_key;
mod validator_key;

pub use node_key::NodeKey;
pub use validator_key::{ValidatorKey, reset_state};

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::SigningKey;
use rand::RngCore as _;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// A fresh ed25519 key.
fn generate() -> SigningKey {
    let mut seed = Zeroizing::new([0; 32]);
    rand::rng().fill_bytes(seed.as_mut_slice());
    SigningKey::from_bytes(&seed)
}

/// The first 20 bytes of the public key's hash.
fn address(key: &SigningKey) -> [u8; 20] {
    let mut address = [0; 20];
    address.copy_from_slice(&Sha256::digest(key.verifying_key().as_bytes())[..20]);
    address
}

/// CometBFT's text of a private key: the seed and the public key, in base64.
fn to_text(key: &SigningKey) -> Zeroizing<String> {
    let pair = Zeroizing::new(key.to_keypair_bytes());
    Zeroizing::new(STANDARD.encode(pair.as_slice()))
}

/// The private key in a file of CometBFT's.
fn load(path: &Path) -> Result<SigningKey> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read {}; `izd init` makes it", path.display()))?;
    let text = Zeroizing::new(text);
    let damaged = || format!("{} is damaged", path.display());
    let value: Value = serde_json::from_str(&text).with_context(damaged)?;
    match value.pointer("/priv_key/value").and_then(Value::as_str) {
        Some(key) => from_text(key).with_context(damaged),
        None => bail!("{} has no priv_key", path.display()),
    }
}

fn from_text(text: &str) -> Result<SigningKey> {
    let bytes = Zeroizing::new(STANDARD.decode(text).context("the private key is no base64")?);
    let pair: [u8; 64] = bytes.as_slice().try_into().context("an ed25519 private key has 64 bytes")?;
    SigningKey::from_keypair_bytes(&pair).context("the private key does not match its public key")
}
