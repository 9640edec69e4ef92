//! `debug pubkey-raw`: a public key from its bare bytes or its old bech32 form.

use anyhow::{Result, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bech32::{Bech32, Hrp, primitives::decode::CheckedHrpstring};
use clap::Args;
use serde_json::json;

use crate::{json::compact, keyring::PublicKey, setup::Setup};

const ED25519: &str = "ed25519";

#[derive(Args)]
pub struct RawKey {
    /// In hex, base64 or bech32
    pubkey: String,
    /// ed25519 or secp256k1
    #[arg(long = "type", short = 't', default_value = ED25519)]
    kind: String,
}

impl RawKey {
    pub fn run(&self, setup: &Setup) -> Result<()> {
        let wanted = self.kind.to_lowercase();
        if !["secp256k1", ED25519].contains(&&*wanted) {
            bail!("invalid pubkey type, expected oneof ed25519 or secp256k1: invalid type");
        }
        let wants_consensus = wanted == ED25519;
        let key = self.parse(setup, wants_consensus)?;
        let prefix = setup.addresses.prefix();
        let old_form = |suffix: &str| -> Result<String> {
            Ok(bech32::encode::<Bech32>(Hrp::parse(&format!("{prefix}{suffix}"))?, &key.amino())?)
        };
        let mut consensus = String::new();
        let (kind, amino_name) = match &key {
            PublicKey::Ed25519(bytes) => {
                if wants_consensus {
                    consensus = old_form("valconspub")?;
                    say!("Hex: {}", hex::encode_upper(bytes));
                }
                (ED25519, "tendermint/PubKeyEd25519")
            }
            _ => ("secp256k1", "tendermint/PubKeySecp256k1"),
        };
        say!("Parsed key as {kind}");
        say!("Address: {}", hex::encode_upper(key.address().as_bytes()));
        let value = STANDARD.encode(key.bytes());
        say!("JSON (base64): {}", compact(&json!({ "type": amino_name, "value": value }))?);
        say!("Bech32 Acc: {}", old_form("pub")?);
        say!("Bech32 Validator Operator: {}", old_form("valoperpub")?);
        if wants_consensus {
            say!("Bech32 Validator Consensus: {consensus}");
        }
        Ok(())
    }

    fn parse(&self, setup: &Setup, wants_consensus: bool) -> Result<PublicKey> {
        let text = &self.pubkey;
        let of_length = |bytes: Vec<u8>| match bytes.len() {
            32 if wants_consensus => Some(PublicKey::Ed25519(bytes)),
            33 => Some(PublicKey::Secp256k1(bytes)),
            _ => None,
        };
        let bare = hex::decode(text).ok().and_then(of_length);
        let bare = bare.or_else(|| STANDARD.decode(text).ok().and_then(of_length));
        match bare.or_else(|| old_form(setup.addresses.prefix(), text)) {
            Some(key) => Ok(key),
            None => bail!("pubkey '{text}' invalid; expected hex, base64, or bech32 of correct size"),
        }
    }
}

/// The key in a text that begins with the prefix of accounts', operators' or consensus keys.
fn old_form(prefix: &str, text: &str) -> Option<PublicKey> {
    let decoded = CheckedHrpstring::new::<Bech32>(text).ok()?;
    let human = decoded.hrp().to_string();
    if !["pub", "valoperpub", "valconspub"].iter().any(|suffix| human == format!("{prefix}{suffix}")) {
        return None;
    }
    PublicKey::from_amino(&decoded.byte_iter().collect::<Vec<u8>>())
}
