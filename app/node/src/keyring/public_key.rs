//! Public keys: their address, their protobuf form, their JSON.

use anyhow::{Result, anyhow, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use iz_core::Address;
use iz_proto::{
    Any,
    cosmos::crypto::{ed25519, multisig::LegacyAminoPubKey, secp256k1},
};
use prost::{Message, Name};
use ripemd::Ripemd160;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    Secp256k1(Vec<u8>),
    Ed25519(Vec<u8>),
    Multisig { threshold: u32, keys: Vec<PublicKey> },
}

/// What amino writes before a key of each kind.
const AMINO_SECP256K1: [u8; 5] = [0xeb, 0x5a, 0xe9, 0x87, 33];
const AMINO_ED25519: [u8; 5] = [0x16, 0x24, 0xde, 0x64, 32];
const AMINO_MULTISIG: [u8; 4] = [0x22, 0xc1, 0xf7, 0xe2];

impl PublicKey {
    pub fn multisig(threshold: u32, keys: Vec<Self>) -> Self {
        Self::Multisig { threshold, keys }
    }

    pub fn address(&self) -> Address {
        match self {
            Self::Secp256k1(key) => Address::new(Ripemd160::digest(Sha256::digest(key)).to_vec()),
            Self::Ed25519(key) => Address::new(Sha256::digest(key)[..20].to_vec()),
            Self::Multisig { .. } => Address::new(Sha256::digest(self.amino())[..20].to_vec()),
        }
    }

    /// The bytes of the key itself; of a multisig, its binary form.
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Secp256k1(key) | Self::Ed25519(key) => key.clone(),
            Self::Multisig { .. } => self.amino(),
        }
    }

    /// A single key from amino's binary form.
    pub fn from_amino(bytes: &[u8]) -> Option<Self> {
        let secp256k1 =
            bytes.strip_prefix(&AMINO_SECP256K1).and_then(|key| Self::secp256k1(key.to_vec()).ok());
        secp256k1.or_else(|| Self::ed25519(bytes.strip_prefix(&AMINO_ED25519)?.to_vec()).ok())
    }

    /// Amino's binary form, of which a multisig's address is the hash.
    pub fn amino(&self) -> Vec<u8> {
        match self {
            Self::Secp256k1(key) => [&AMINO_SECP256K1, key.as_slice()].concat(),
            Self::Ed25519(key) => [&AMINO_ED25519, key.as_slice()].concat(),
            Self::Multisig { threshold, keys } => {
                let mut out = AMINO_MULTISIG.to_vec();
                prost::encoding::uint32::encode(1, threshold, &mut out);
                let keys: Vec<Vec<u8>> = keys.iter().map(Self::amino).collect();
                prost::encoding::bytes::encode_repeated(2, &keys, &mut out);
                out
            }
        }
    }

    pub fn to_any(&self) -> Any {
        fn pack<M: Message + Name>(message: &M) -> Any {
            Any { type_url: M::type_url(), value: message.encode_to_vec() }
        }
        match self {
            Self::Secp256k1(key) => pack(&secp256k1::PubKey { key: key.clone() }),
            Self::Ed25519(key) => pack(&ed25519::PubKey { key: key.clone() }),
            Self::Multisig { threshold, keys } => pack(&LegacyAminoPubKey {
                threshold: *threshold,
                public_keys: keys.iter().map(Self::to_any).collect(),
            }),
        }
    }

    pub fn from_any(any: &Any) -> Result<Self> {
        let value = any.value.as_slice();
        if any.type_url == secp256k1::PubKey::type_url() {
            Self::secp256k1(secp256k1::PubKey::decode(value)?.key)
        } else if any.type_url == ed25519::PubKey::type_url() {
            Self::ed25519(ed25519::PubKey::decode(value)?.key)
        } else if any.type_url == LegacyAminoPubKey::type_url() {
            let multisig = LegacyAminoPubKey::decode(value)?;
            let keys = multisig.public_keys.iter().map(Self::from_any).collect::<Result<_>>()?;
            Ok(Self::Multisig { threshold: multisig.threshold, keys })
        } else {
            bail!("unable to resolve type URL {}", any.type_url)
        }
    }

    /// The JSON of the protobuf form, keys in the order of their fields.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Secp256k1(key) => {
                json!({ "@type": secp256k1::PubKey::type_url(), "key": STANDARD.encode(key) })
            }
            Self::Ed25519(key) => {
                json!({ "@type": ed25519::PubKey::type_url(), "key": STANDARD.encode(key) })
            }
            Self::Multisig { threshold, keys } => json!({
                "@type": LegacyAminoPubKey::type_url(),
                "threshold": threshold,
                "public_keys": keys.iter().map(Self::to_json).collect::<Vec<_>>(),
            }),
        }
    }

    pub fn from_json(value: &Value) -> Result<Self> {
        let text = |name: &str| {
            value
                .get(name)
                .and_then(Value::as_str)
                .ok_or_else(|| anyhow!("a public key in JSON has a \"{name}\""))
        };
        let kind = text("@type")?;
        if kind == LegacyAminoPubKey::type_url() {
            let threshold = value.get("threshold").and_then(Value::as_u64).unwrap_or(0);
            let keys =
                value.get("public_keys").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let keys = keys.iter().map(Self::from_json).collect::<Result<_>>()?;
            return Ok(Self::Multisig { threshold: u32::try_from(threshold)?, keys });
        }
        let key = STANDARD.decode(text("key")?)?;
        if kind == secp256k1::PubKey::type_url() {
            Self::secp256k1(key)
        } else if kind == ed25519::PubKey::type_url() {
            Self::ed25519(key)
        } else {
            bail!("unable to resolve type URL {kind}")
        }
    }

    pub fn secp256k1(key: Vec<u8>) -> Result<Self> {
        if key.len() != 33 {
            bail!("a secp256k1 public key has 33 bytes, not {}", key.len());
        }
        Ok(Self::Secp256k1(key))
    }

    fn ed25519(key: Vec<u8>) -> Result<Self> {
        if key.len() != 32 {
            bail!("an ed25519 public key has 32 bytes, not {}", key.len());
        }
        Ok(Self::Ed25519(key))
    }
}
