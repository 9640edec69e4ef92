//! Deterministic keys of every kind an account can have, their addresses, public keys and signatures.

use anyhow::{Result, bail};
use k256::ecdsa::signature::Signer;
use ripemd::Ripemd160;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::transaction::base64_of;

/// What an account signs with.
#[derive(Clone)]
pub enum Key {
    Secp256k1(Box<k256::ecdsa::SigningKey>),
    Secp256r1(Box<p256::ecdsa::SigningKey>),
    /// A key type that accounts may not use; its signatures are never valid.
    Ed25519([u8; 32]),
    Multisig {
        threshold: u32,
        members: Vec<Key>,
    },
}

impl Key {
    /// The secp256k1 key that belongs to a name.
    pub fn secp256k1(name: &str) -> Result<Self> {
        Ok(Self::Secp256k1(Box::new(k256::ecdsa::SigningKey::from_slice(&Sha256::digest(name))?)))
    }

    /// The secp256r1 key that belongs to a name.
    pub fn secp256r1(name: &str) -> Result<Self> {
        Ok(Self::Secp256r1(Box::new(p256::ecdsa::SigningKey::from_slice(&Sha256::digest(name))?)))
    }

    pub fn ed25519(name: &str) -> Self {
        Self::Ed25519(Sha256::digest(name).into())
    }

    pub fn multisig(name: &str, threshold: u32, members: usize) -> Result<Self> {
        let members =
            (0..members).map(|i| Self::secp256k1(&format!("{name} member {i}"))).collect::<Result<_>>()?;
        Ok(Self::Multisig { threshold, members })
    }

    /// The account address that the key hashes to.
    pub fn address(&self) -> Result<Vec<u8>> {
        Ok(match self {
            Self::Secp256k1(_) => Ripemd160::digest(Sha256::digest(self.bytes()?)).to_vec(),
            Self::Secp256r1(_) => Sha256::new()
                .chain_update(Sha256::digest("cosmos.crypto.secp256r1.PubKey"))
                .chain_update(self.bytes()?)
                .finalize()
                .to_vec(),
            Self::Ed25519(_) | Self::Multisig { .. } => Sha256::digest(self.amino()?)[..20].to_vec(),
        })
    }

    /// The bare public key.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        Ok(match self {
            Self::Secp256k1(key) => key.verifying_key().to_encoded_point(true).as_bytes().to_vec(),
            Self::Secp256r1(key) => key.verifying_key().to_encoded_point(true).as_bytes().to_vec(),
            Self::Ed25519(bytes) => bytes.to_vec(),
            Self::Multisig { .. } => bail!("a multisig has no bytes of its own"),
        })
    }

    /// The public key in amino's binary form, which multisig addresses are made of.
    fn amino(&self) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        match self {
            Self::Secp256k1(_) => {
                out.extend_from_slice(&[0xeb, 0x5a, 0xe9, 0x87, 0x21]);
                out.extend(self.bytes()?);
            }
            Self::Ed25519(bytes) => out.extend_from_slice(bytes),
            Self::Secp256r1(_) => bail!("amino has no secp256r1"),
            Self::Multisig { threshold, members } => {
                out.extend_from_slice(&[0x22, 0xc1, 0xf7, 0xe2]);
                crate::wire::uint_field(&mut out, 1, u64::from(*threshold));
                for member in members {
                    crate::wire::bytes_field(&mut out, 2, &member.amino()?);
                }
            }
        }
        Ok(out)
    }

    /// The public key as a transaction carries it.
    pub fn public(&self) -> Result<Value> {
        Ok(match self {
            Self::Secp256k1(_) => {
                json!({ "@type": "/cosmos.crypto.secp256k1.PubKey", "key": base64_of(&self.bytes()?) })
            }
            Self::Secp256r1(_) => {
                json!({ "@type": "/cosmos.crypto.secp256r1.PubKey", "key": base64_of(&self.bytes()?) })
            }
            Self::Ed25519(_) => {
                json!({ "@type": "/cosmos.crypto.ed25519.PubKey", "key": base64_of(&self.bytes()?) })
            }
            Self::Multisig { threshold, members } => json!({
                "@type": "/cosmos.crypto.multisig.LegacyAminoPubKey",
                "threshold": threshold,
                "public_keys": members.iter().map(Self::public).collect::<Result<Vec<_>>>()?,
            }),
        })
    }

    /// A signature by a single key; a multisig's members sign one by one.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        Ok(match self {
            Self::Secp256k1(key) => {
                let signature: k256::ecdsa::Signature = key.sign(message);
                signature.normalize_s().unwrap_or(signature).to_bytes().to_vec()
            }
            Self::Secp256r1(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.normalize_s().unwrap_or(signature).to_bytes().to_vec()
            }
            Self::Ed25519(seed) => [Sha256::digest(seed), Sha256::digest(message)].concat(),
            Self::Multisig { .. } => bail!("a multisig's members sign one by one"),
        })
    }
}

/// Text form of an address.
pub fn bech32(prefix: &str, address: &[u8]) -> Result<String> {
    Ok(bech32::encode::<bech32::Bech32>(bech32::Hrp::parse(prefix)?, address)?)
}

/// The address of a module account.
pub fn module_address(name: &str) -> Vec<u8> {
    Sha256::digest(name)[..20].to_vec()
}

/// A consensus key: only its bytes matter, since no consensus runs in the harness.
pub fn consensus_key(name: &str) -> [u8; 32] {
    Sha256::digest(format!("consensus key {name}")).into()
}

/// The address CometBFT gives a consensus key.
pub fn consensus_address(key: &[u8]) -> Vec<u8> {
    Sha256::digest(key)[..20].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gov_module_has_its_known_address() {
        assert_eq!(
            bech32("wasm", &module_address("gov")).unwrap(),
            "wasm10d07y265gmmuvt4z0w9aw880jnsr700js7zslc"
        );
    }
}
